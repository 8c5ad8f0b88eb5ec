package dev.cairn.eval.report;

import java.util.List;

/** Helpers for a page's tables, which have a first column of names and then columns of numbers. */
final class HtmlTable {
    private HtmlTable() {}

    /** A paragraph that explains the content below it. */
    static void note(Html html, String text) {
        html.element("p", text, "class", "note");
    }

    /** Opens a table up to the first column of its head. */
    static void open(Html html, String firstColumn) {
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        html.element("th", firstColumn);
    }

    /** Opens a table up to its body; all columns but the first hold numbers. */
    static void open(Html html, String firstColumn, List<String> columns) {
        open(html, firstColumn);
        columns.forEach(column -> numberHead(html, column));
        html.close().close().open("tbody");
    }

    /** Closes a table with its body. */
    static void close(Html html) {
        html.close().close().close();
    }

    /** The head of a column of numbers. */
    static void numberHead(Html html, String text) {
        html.element("th", text, "class", "num");
    }

    /** A number. */
    static void number(Html html, String text) {
        html.element("td", text, "class", "num");
    }

    /** A number with its interval beside it. */
    static void withInterval(Html html, String value, String interval, String... attributes) {
        html.open("td", attributes).element("b", value).text(" ");
        html.element("span", interval, "class", "interval").close();
    }
}
