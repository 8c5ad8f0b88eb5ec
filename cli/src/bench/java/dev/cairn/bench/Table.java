package dev.cairn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Figures as a Markdown table, each beside its limit and beside what others did in the same run.
 */
record Table(List<Figure> figures) {
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| what | by | measured | limit in the same process | share | beside others |");
        lines.add("|---|---|---|---|---|---|");
        figures.forEach(figure -> lines.add(row(figure)));
        return String.join("\n", lines) + "\n";
    }

    private String row(Figure figure) {
        Figure.Limit limit = figure.limit();
        return "| "
                + String.join(
                        " | ",
                        figure.what(),
                        figure.by(),
                        number(figure.value()) + " " + figure.unit(),
                        limit == null ? "" : "%s %s".formatted(limit.name(), number(limit.value())),
                        limit == null
                                ? ""
                                : Math.round(100 * figure.value() / limit.value()) + " %",
                        others(figure))
                + " |";
    }

    private String others(Figure figure) {
        if (!figure.isCairn()) {
            return "";
        }
        List<String> ratios = new ArrayList<>();
        for (Figure other : figures) {
            if (!other.isCairn()
                    && other.what().equals(figure.what())
                    && other.unit().equals(figure.unit())) {
                ratios.add("%s × %s".formatted(number(figure.value() / other.value()), other.by()));
            }
        }
        return String.join(", ", ratios);
    }

    /** Three digits that count. */
    private static String number(double value) {
        if (value == 0) {
            return "0";
        }
        int digits = 2 - (int) Math.floor(Math.log10(Math.abs(value)));
        return String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 6) + "f", value);
    }
}
