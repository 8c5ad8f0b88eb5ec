package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Exact match in a chart and three tables. */
final class ResultsHtml {
    private ResultsHtml() {}

    static void add(Html html, EvalReport report) {
        html.open("section").element("h2", "Results");
        HtmlTable.note(
                html,
                "Exact match: the share of questions answered with the gold answer. Lines and"
                        + " brackets are 95% Wilson intervals.");
        AccuracyChart.add(html, report);
        addOverall(html, report);
        addNotes(html, report);
        html.close();
        html.open("section").element("h2", "Results by kind of question");
        addKinds(html, report);
        html.close();
        addComparisons(html, report);
    }

    private static void addOverall(Html html, EvalReport report) {
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "System", "rowspan", "2");
        List<SetResult> first = report.systems().getFirst().sets();
        for (SetResult set : first) {
            String heading = "%s (n = %s)".formatted(set.set(), count(set.items().size()));
            html.element("th", heading, "class", "group", "colspan", "5");
        }
        html.close().open("tr");
        for (int i = 0; i < first.size(); i++) {
            html.element("th", "exact match", "class", "num group");
            HtmlTable.numberHead(html, "read");
            HtmlTable.numberHead(html, "written");
            HtmlTable.numberHead(html, "ms");
            HtmlTable.numberHead(html, "ms per right");
        }
        html.close().close().open("tbody");
        for (SystemRun run : report.systems()) {
            addSystem(html, run, report.focus());
        }
        html.close().close().close();
        HtmlTable.note(
                html,
                "Read and written: mean tokens per question, all stages together. ms: mean time the"
                        + " models spent on a question; per right: the time for all questions,"
                        + " divided by the number of right answers.");
    }

    private static void addSystem(Html html, SystemRun run, String focus) {
        html.open("tr", "class", run.system().name().equals(focus) ? "focus" : "");
        html.element("th", run.system().name(), "scope", "row");
        for (SetResult set : run.sets()) {
            Accuracy accuracy = set.accuracy();
            addAccuracy(
                    html,
                    accuracy,
                    "%s of %s".formatted(count(accuracy.correct()), count(accuracy.total())));
            HtmlTable.number(html, Numbers.tenth(set.cost().promptTokens()));
            HtmlTable.number(html, Numbers.tenth(set.cost().completionTokens()));
            HtmlTable.number(html, Numbers.tenth(set.cost().millis()));
            HtmlTable.number(html, Numbers.millisPerRightAnswer(set));
        }
        html.close();
    }

    private static void addAccuracy(Html html, Accuracy accuracy, String title) {
        HtmlTable.withInterval(
                html,
                Numbers.percent(accuracy.rate()),
                Numbers.interval(accuracy),
                "class",
                "num group",
                "title",
                title);
    }

    private static void addNotes(Html html, EvalReport report) {
        for (SystemRun run : report.systems()) {
            for (int set = 0; set < run.sets().size(); set++) {
                for (String note : Notes.of(run, set)) {
                    html.element("p", note, "class", "warning");
                }
            }
        }
    }

    private static void addKinds(Html html, EvalReport report) {
        HtmlTable.open(html, "Kind");
        HtmlTable.numberHead(html, "n");
        for (SystemRun run : report.systems()) {
            html.element("th", run.system().name(), "class", "num group");
        }
        html.close().close();
        for (int set = 0; set < report.sets().size(); set++) {
            html.open("tbody").open("tr");
            html.element(
                    "th",
                    report.sets().get(set),
                    "class",
                    "band",
                    "colspan",
                    Integer.toString(2 + report.systems().size()));
            html.close();
            addKindRows(html, report, set);
            html.close();
        }
        html.close().close();
    }

    private static void addKindRows(Html html, EvalReport report, int set) {
        report.kinds(set)
                .forEach((kind, questions) -> {
                    html.open("tr").element("th", kind, "scope", "row");
                    HtmlTable.number(html, count(questions));
                    for (SystemRun run : report.systems()) {
                        Accuracy accuracy = run.sets().get(set).accuracy(kind);
                        addAccuracy(html, accuracy, count(accuracy.correct()) + " correct");
                    }
                    html.close();
                });
    }

    private static void addComparisons(Html html, EvalReport report) {
        if (report.comparisons().isEmpty()) {
            return;
        }
        Map<String, List<PairedRow>> rows = new LinkedHashMap<>();
        report.sets().forEach(set -> rows.put(set, report.pairedRows(set)));
        PairedTable.add(
                html,
                report.focus(),
                "Differences in exact match on the same questions, in percentage points, with 95%"
                        + " paired bootstrap intervals (10,000 resamples) and exact McNemar tests."
                        + " The p-values are not corrected for the number of comparisons.",
                rows);
    }

    private static String count(int value) {
        return Numbers.grouped(value);
    }
}
