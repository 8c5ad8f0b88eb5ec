package dev.cairn.eval.report;

import java.util.List;
import java.util.Map;

/** The table in which one system is compared with others, for the terminal and for the page. */
final class PairedTable {
    private PairedTable() {}

    static TextTable text(List<PairedRow> rows) {
        TextTable table =
                TextTable.of(
                        "against",
                        "difference",
                        "95% interval",
                        "only it right",
                        "only other right",
                        "McNemar p");
        for (PairedRow row : rows) {
            table.row(
                    row.second(),
                    Numbers.points(row.difference().mean()),
                    Numbers.pointInterval(row.difference()),
                    Numbers.orDash(row.onlyFirst()),
                    Numbers.orDash(row.onlySecond()),
                    Numbers.pValue(row.pValue()));
        }
        return table;
    }

    /**
     * Adds a section.
     *
     * @param first the system that is compared with the others
     * @param note explanation of the numbers
     * @param rows by question set or measure, in order
     */
    static void add(Html html, String first, String note, Map<String, List<PairedRow>> rows) {
        html.open("section").element("h2", "%s against the others".formatted(first));
        HtmlTable.note(html, note);
        HtmlTable.open(html, "Against");
        HtmlTable.numberHead(html, "difference");
        HtmlTable.numberHead(html, "only %s right".formatted(first));
        HtmlTable.numberHead(html, "only the other right");
        HtmlTable.numberHead(html, "p");
        html.element("th", "Reads as").close().close();
        rows.forEach((band, ofBand) -> {
            html.open("tbody").open("tr");
            html.element("th", band, "class", "band", "colspan", "6").close();
            ofBand.forEach(row -> addRow(html, row));
            html.close();
        });
        html.close().close().close();
    }

    private static void addRow(Html html, PairedRow row) {
        html.open("tr").element("th", row.second(), "scope", "row");
        HtmlTable.withInterval(
                html,
                Numbers.points(row.difference().mean()),
                Numbers.pointInterval(row.difference()),
                "class",
                "num");
        HtmlTable.number(html, Numbers.orDash(row.onlyFirst()));
        HtmlTable.number(html, Numbers.orDash(row.onlySecond()));
        HtmlTable.number(html, Numbers.pValue(row.pValue()));
        html.element("td", row.difference().verdict()).close();
    }
}
