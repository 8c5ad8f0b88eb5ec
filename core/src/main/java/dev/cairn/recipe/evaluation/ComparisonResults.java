package dev.cairn.recipe.evaluation;

import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.report.CompareJson;
import dev.cairn.eval.report.CompareText;
import dev.cairn.eval.report.HtmlReport;

/** The results of a comparison of systems. */
public final class ComparisonResults {
    private final Comparison comparison;
    private final HtmlReport page;

    ComparisonResults(Comparison comparison, HtmlReport page) {
        this.comparison = comparison;
        this.page = page;
    }

    /** Scores, tests and costs. */
    public Comparison comparison() {
        return comparison;
    }

    /** Tables for the terminal. */
    public String toText() {
        return CompareText.of(comparison);
    }

    /** One JSON object. */
    public String toJson() {
        return CompareJson.of(comparison);
    }

    /** A self-contained HTML page. */
    public String toHtml() {
        return page.toHtml();
    }
}
