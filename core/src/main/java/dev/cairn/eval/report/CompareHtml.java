package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Costs;
import dev.cairn.eval.compare.PairedResult;
import dev.cairn.eval.compare.Estimate;
import java.util.List;

/** A comparison as sections of a report page. */
final class CompareHtml {
    private CompareHtml() {}

    static void add(Html html, Comparison comparison) {
        addScores(html, comparison);
        addPairedResults(html, comparison);
        addCosts(html, comparison);
    }

    private static void addScores(Html html, Comparison comparison) {
        html.open("section").element("h2", "Scores");
        html.element(
                "p",
                "Means over the items, with 95 % intervals: Wilson's where an item is plainly right or"
                        + " wrong, else a bootstrap over the items. Where a system ran under several"
                        + " seeds, its score is the mean of the runs.",
                "class",
                "note");
        html.open("div", "class", "chart");
        for (String measure : comparison.systems().getFirst().measures()) {
            List<Comparison.Mark> marks = comparison.marksOf(measure);
            html.open("figure")
                    .element(
                            "figcaption",
                            "%s (n = %s)"
                                    .formatted(measure, Numbers.grouped(marks.getFirst().items())));
            marks.forEach(mark -> addBar(html, mark, mark.equals(marks.getFirst())));
            IntervalTrack.addScale(html);
            html.close();
        }
        html.close().close();
    }

    private static void addBar(Html html, Comparison.Mark mark, boolean isFirst) {
        Estimate score = mark.score();
        String runs = Figures.runs(mark.runs());
        html.open("div", "class", isFirst ? "bar focus" : "bar", "title", runs);
        html.element("span", mark.system(), "class", "name");
        IntervalTrack.add(html, score.low(), score.mean(), score.high());
        html.element("span", Numbers.percent(score.mean()), "class", "value").close();
    }

    private static void addPairedResults(Html html, Comparison comparison) {
        String first = comparison.systems().getFirst().name();
        html.open("section").element("h2", "%s against the others".formatted(first));
        html.element(
                "p",
                "Differences on the same items, in percentage points, with 95 % paired bootstrap"
                        + " intervals (10,000 resamples) and, for single runs, exact McNemar tests. The"
                        + " p-values are not corrected for the number of comparisons.",
                "class",
                "note");
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "Against");
        html.element("th", "difference", "class", "num");
        html.element("th", "only %s right".formatted(first), "class", "num");
        html.element("th", "only the other right", "class", "num");
        html.element("th", "p", "class", "num").element("th", "Reads as").close().close();
        for (String measure : comparison.systems().getFirst().measures()) {
            html.open("tbody").open("tr");
            html.element("th", measure, "class", "band", "colspan", "6").close();
            comparison.pairedResultsOf(measure).forEach(result -> addPairedResult(html, result));
            html.close();
        }
        html.close().close().close();
    }

    private static void addPairedResult(Html html, PairedResult result) {
        Estimate difference = result.difference();
        html.open("tr").element("th", result.second(), "scope", "row");
        html.open("td", "class", "num").element("b", Numbers.points(difference.mean())).text(" ");
        html.element("span", Figures.pointInterval(difference), "class", "interval").close();
        html.element("td", Figures.orDash(result.onlyFirst()), "class", "num");
        html.element("td", Figures.orDash(result.onlySecond()), "class", "num");
        html.element("td", Figures.pValue(result.pValue()), "class", "num");
        html.element("td", result.verdict()).close();
    }

    private static void addCosts(Html html, Comparison comparison) {
        html.open("section").element("h2", "What they cost");
        html.element(
                "p",
                "Per answer, where nothing else is said. Energy is estimated: processor time at %.0f W a core."
                        .formatted(Costs.WATTS_PER_CORE),
                "class",
                "note");
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "");
        comparison.systems().forEach(c -> html.element("th", c.name(), "class", "num"));
        html.close().close().open("tbody");
        for (CostLine line : CostLine.values()) {
            html.open("tr").element("th", line.label(), "scope", "row");
            comparison
                    .systems()
                    .forEach(c -> html.element("td", line.of(c.costs()), "class", "num"));
            html.close();
        }
        html.close().close().close();
        CostChart.add(html, comparison);
        html.close();
    }
}
