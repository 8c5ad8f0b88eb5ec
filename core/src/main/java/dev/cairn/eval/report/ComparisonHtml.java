package dev.cairn.eval.report;

import dev.cairn.eval.PairedComparison;

/** The table of paired comparisons. */
final class ComparisonHtml {
    private ComparisonHtml() {}

    static void add(Html html, EvalReport report) {
        if (report.comparisons().isEmpty()) {
            return;
        }
        html.open("section").element("h2", "%s against the others".formatted(report.focus()));
        html.element(
                "p",
                "Differences in exact match on the same questions, in percentage points, with 95%"
                        + " paired bootstrap intervals (10,000 resamples) and exact McNemar tests."
                        + " The p-values are not corrected for the number of comparisons.",
                "class",
                "note");
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", "Against");
        html.element("th", "difference", "class", "num");
        html.element("th", "only %s right".formatted(report.focus()), "class", "num");
        html.element("th", "only the other right", "class", "num");
        html.element("th", "p", "class", "num").element("th", "Reads as");
        html.close().close();
        for (String set : report.sets()) {
            html.open("tbody").open("tr");
            html.element("th", set, "class", "band", "colspan", "6").close();
            report.comparisons().stream()
                    .filter(comparison -> comparison.set().equals(set))
                    .forEach(comparison -> addRow(html, comparison));
            html.close();
        }
        html.close().close().close();
    }

    private static void addRow(Html html, PairedComparison c) {
        html.open("tr").element("th", c.second(), "scope", "row");
        html.open("td", "class", "num").element("b", Numbers.points(c.difference())).text(" ");
        html.element("span", Numbers.interval(c), "class", "interval").close();
        html.element("td", Numbers.grouped(c.onlyFirst()), "class", "num");
        html.element("td", Numbers.grouped(c.onlySecond()), "class", "num");
        html.element("td", Numbers.pValue(c.pValue()), "class", "num");
        html.element("td", verdict(c)).close();
    }

    private static String verdict(PairedComparison c) {
        if (c.low() > 0) {
            return "better";
        }
        return c.high() < 0 ? "worse" : "no clear difference";
    }
}
