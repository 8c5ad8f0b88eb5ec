package dev.cairn.eval.report;

import java.util.ArrayList;
import java.util.List;

/** A text table with aligned columns: the first left-aligned, the others right-aligned. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    private TextTable() {}

    /** A table with this first row. */
    static TextTable of(String... head) {
        return of(List.of(head));
    }

    /** A table with this first row. */
    public static TextTable of(List<String> head) {
        return new TextTable().row(head);
    }

    /** Adds a row; it may be shorter than others. */
    TextTable row(String... cells) {
        return row(List.of(cells));
    }

    /** Adds a row; it may be shorter than others. */
    public TextTable row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                String pad = " ".repeat(width(column) - length(cell));
                line.append(GAP).append(column == 0 ? cell + pad : pad + cell);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> column < row.size())
                .mapToInt(row -> length(row.get(column)))
                .max()
                .orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
