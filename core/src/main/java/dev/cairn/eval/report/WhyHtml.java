package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.compare.Estimate;
import dev.cairn.eval.why.Change;
import dev.cairn.eval.why.Influence;
import dev.cairn.eval.why.StageWhy;
import dev.cairn.eval.why.Why;
import java.util.List;

/** Why a system is right or wrong: blame in a chart, three tables, and faults in full. */
final class WhyHtml {
    private static final int EXAMPLES_PER_STAGE = 3;

    private WhyHtml() {}

    static void add(Html html, Why why) {
        html.open("section");
        html.element("h2", "Why %s is right or wrong: %s".formatted(why.system(), why.set()));
        HtmlTable.note(
                html,
                "Every question was asked again with the texts of some stages given. %s of %s answers were wrong."
                        .formatted(
                                Numbers.grouped(why.faults().size()),
                                Numbers.grouped(why.questions())));
        html.open("ul");
        WhyNotes.of(why).forEach(note -> html.element("li", note + "."));
        html.close();
        addBlame(html, why);
        addDrift(html, why);
        addFaithfulness(html, why);
        FaultsHtml.add(html, why, EXAMPLES_PER_STAGE);
        html.close();
    }

    private static void addBlame(Html html, Why why) {
        heading(
                html,
                "Blame: where the wrong answers come from",
                "A wrong answer comes from the first stage whose gold text, after gold texts of all"
                        + " stages before it, makes it right; when none does, from the last stage."
                        + " Gold here alone: exact match when only this stage's text is replaced by"
                        + " the gold text, against the plain answers, in percentage points with 95%"
                        + " paired bootstrap intervals and exact McNemar tests.");
        addChart(html, why);
        HtmlTable.open(
                html,
                "Stage",
                List.of(
                        "causes of the wrong answers",
                        "gold here alone",
                        "repairs",
                        "spoils",
                        "p"));
        for (StageWhy stage : why.stages()) {
            row(html, stage);
            share(html, stage.faults());
            Influence influence = stage.influence();
            if (influence == null) {
                html.element("td", "its text is the answer", "class", "num", "colspan", "4");
            } else {
                points(html, influence.gold());
                HtmlTable.number(html, Numbers.grouped(influence.gold().onlyFirst()));
                HtmlTable.number(html, Numbers.grouped(influence.gold().onlySecond()));
                HtmlTable.number(html, Numbers.pValue(influence.gold().pValue()));
            }
            html.close();
        }
        HtmlTable.close(html);
    }

    private static void addChart(Html html, Why why) {
        html.open("div", "class", "chart").open("figure");
        html.element("figcaption", "Share of the wrong answers");
        int max = why.stages().stream().mapToInt(s -> s.faults().correct()).max().orElse(0);
        for (StageWhy stage : why.stages()) {
            boolean worst = max > 0 && stage.faults().correct() == max;
            html.open("div", "class", worst ? "bar focus" : "bar");
            html.element("span", stage.stage(), "class", "name");
            Accuracy faults = stage.faults();
            IntervalTrack.add(html, faults.low(), faults.rate(), faults.high());
            html.element("span", Numbers.share(stage.faults()), "class", "value").close();
        }
        IntervalTrack.addScale(html);
        html.close().close();
    }

    private static void addDrift(Html html, Why why) {
        heading(
                html,
                "Drift: how often a stage writes its gold text",
                "On own texts: after what the stages before it really wrote. On gold texts: after"
                        + " their gold texts. The difference is what errors of earlier stages cost"
                        + " this one.");
        HtmlTable.open(
                html, "Stage", List.of("right on own texts", "right on gold texts", "difference"));
        for (StageWhy stage : why.stages()) {
            row(html, stage);
            share(html, stage.drift().onOwn());
            share(html, stage.drift().onGold());
            points(html, stage.drift().cost());
            html.close();
        }
        HtmlTable.close(html);
    }

    private static void addFaithfulness(Html html, Why why) {
        heading(
                html,
                "Faithfulness: whether the answer follows the texts",
                "How many answers change, and exact match before and after, when a stage's text is"
                        + " replaced by the one it wrote for another question, and when one word of"
                        + " it is changed. A text that can be anything is decoration.");
        HtmlTable.open(
                html,
                "Stage",
                List.of(
                        "other text: changed",
                        "exact match",
                        "one word: changed",
                        "exact match",
                        "Reads as"));
        for (StageWhy stage : why.stages()) {
            Influence influence = stage.influence();
            if (influence != null) {
                row(html, stage);
                change(html, influence.other());
                change(html, influence.altered());
                HtmlTable.number(html, influence.reliance().toString());
                html.close();
            }
        }
        HtmlTable.close(html);
    }

    private static void heading(Html html, String text, String note) {
        html.element("h3", text);
        HtmlTable.note(html, note);
    }

    private static void row(Html html, StageWhy stage) {
        html.open("tr").element("th", stage.stage(), "scope", "row");
    }

    private static void change(Html html, Change change) {
        share(html, change.changed());
        HtmlTable.number(html, Numbers.change(change));
    }

    private static void share(Html html, Accuracy share) {
        cell(html, Numbers.share(share), Numbers.interval(share), of(share));
    }

    private static String of(Accuracy share) {
        return "%s of %s"
                .formatted(Numbers.grouped(share.correct()), Numbers.grouped(share.total()));
    }

    private static void points(Html html, PairedComparison c) {
        Estimate difference = PairedRow.of(c).difference();
        cell(html, Numbers.points(difference.mean()), Numbers.pointInterval(difference), c.first());
    }

    private static void cell(Html html, String value, String interval, String title) {
        HtmlTable.withInterval(html, value, interval, "class", "num", "title", title);
    }
}
