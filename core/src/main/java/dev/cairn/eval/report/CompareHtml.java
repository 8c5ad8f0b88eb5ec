package dev.cairn.eval.report;

import dev.cairn.eval.compare.ComparedSystem;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Costs;
import dev.cairn.eval.compare.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        HtmlTable.note(
                html,
                "Means over the items, with 95 % intervals: Wilson's where an item is plainly right or"
                        + " wrong, else a bootstrap over the items. Where a system ran under several"
                        + " seeds, its score is the mean of the runs.");
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
        String runs = CompareText.runs(mark);
        html.open("div", "class", isFirst ? "bar focus" : "bar", "title", runs);
        html.element("span", mark.system(), "class", "name");
        IntervalTrack.add(html, score.low(), score.mean(), score.high());
        html.element("span", Numbers.percent(score.mean()), "class", "value").close();
    }

    private static void addPairedResults(Html html, Comparison comparison) {
        Map<String, List<PairedRow>> rows = new LinkedHashMap<>();
        for (String measure : comparison.systems().getFirst().measures()) {
            rows.put(
                    measure,
                    comparison.pairedResultsOf(measure).stream().map(PairedRow::of).toList());
        }
        PairedTable.add(
                html,
                comparison.systems().getFirst().name(),
                "Differences on the same items, in percentage points, with 95 % paired bootstrap"
                        + " intervals (10,000 resamples) and, for single runs, exact McNemar tests. The"
                        + " p-values are not corrected for the number of comparisons.",
                rows);
    }

    private static void addCosts(Html html, Comparison comparison) {
        html.open("section").element("h2", "What they cost");
        HtmlTable.note(
                html,
                "Per answer, where nothing else is said. Energy is estimated: processor time at %.0f W a core."
                        .formatted(Costs.WATTS_PER_CORE));
        HtmlTable.open(html, "", comparison.systems().stream().map(ComparedSystem::name).toList());
        for (CostLine line : CostLine.values()) {
            html.open("tr").element("th", line.label(), "scope", "row");
            comparison.systems().forEach(system -> HtmlTable.number(html, line.of(system.costs())));
            html.close();
        }
        HtmlTable.close(html);
        CostChart.add(html, comparison);
        html.close();
    }
}
