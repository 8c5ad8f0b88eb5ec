package dev.cairn.recipe.evaluation;

import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.report.CompareJson;
import dev.cairn.eval.report.CompareText;
import dev.cairn.eval.report.HtmlReport;

/**
 * Systems side by side.
 *
 * @param comparison scores, tests and costs
 * @param page the same for people, with charts
 */
public record ComparisonResults(Comparison comparison, HtmlReport page) {
    /** Tables for the terminal. */
    public String toText() {
        return CompareText.of(comparison);
    }

    /** One JSON object. */
    public String toJson() {
        return CompareJson.of(comparison);
    }

    /** A page that needs no other file. */
    public String toHtml() {
        return page.toHtml();
    }
}
