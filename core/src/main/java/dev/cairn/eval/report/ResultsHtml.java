package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import java.util.List;

/** Exact match in a chart and three tables. */
final class ResultsHtml {
    private ResultsHtml() {}

    static void add(Html html, EvalReport report) {
        html.open("section").element("h2", "Results");
        html.element(
                "p",
                "Exact match: the share of questions answered with the gold answer. Lines and"
                        + " brackets are 95% Wilson intervals.",
                "class",
                "note");
        AccuracyChart.add(html, report);
        addOverall(html, report);
        addNotes(html, report);
        html.close();
        html.open("section").element("h2", "Results by kind of question");
        addKinds(html, report);
        html.close();
        ComparisonHtml.add(html, report);
    }

    private static void addOverall(Html html, EvalReport report) {
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "System", "rowspan", "2");
        List<SetResult> first = report.systems().getFirst().sets();
        for (SetResult set : first) {
            String heading = "%s (n = %s)".formatted(set.set(), count(set.items().size()));
            html.element("th", heading, "class", "group", "colspan", "4");
        }
        html.close().open("tr");
        for (int i = 0; i < first.size(); i++) {
            html.element("th", "exact match", "class", "num group");
            html.element("th", "read", "class", "num");
            html.element("th", "written", "class", "num");
            html.element("th", "ms", "class", "num");
        }
        html.close().close().open("tbody");
        for (SystemRun run : report.systems()) {
            addSystem(html, run, report.focus());
        }
        html.close().close().close();
        html.element(
                "p",
                "Read and written: mean tokens per question, all stages together. ms: mean time the"
                        + " models spent on a question.",
                "class",
                "note");
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
            html.element("td", Numbers.tenth(set.cost().promptTokens()), "class", "num");
            html.element("td", Numbers.tenth(set.cost().completionTokens()), "class", "num");
            html.element("td", Numbers.tenth(set.cost().millis()), "class", "num");
        }
        html.close();
    }

    private static void addAccuracy(Html html, Accuracy accuracy, String title) {
        html.open("td", "class", "num group", "title", title);
        html.element("b", Numbers.percent(accuracy.rate())).text(" ");
        html.element("span", Numbers.interval(accuracy), "class", "interval").close();
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
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "Kind").element("th", "n", "class", "num");
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
        report.systems()
                .getFirst()
                .sets()
                .get(set)
                .byKind()
                .forEach((kind, any) -> {
                    html.open("tr").element("th", kind, "scope", "row");
                    html.element("td", count(any.total()), "class", "num");
                    for (SystemRun run : report.systems()) {
                        Accuracy accuracy = run.sets().get(set).accuracy(kind);
                        addAccuracy(html, accuracy, count(accuracy.correct()) + " correct");
                    }
                    html.close();
                });
    }

    private static String count(int value) {
        return Numbers.grouped(value);
    }
}
