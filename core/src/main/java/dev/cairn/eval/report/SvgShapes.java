package dev.cairn.eval.report;

import java.util.Locale;

/** Draws lines and labels of charts, with coordinates rounded to a tenth of a unit. */
final class SvgShapes {
    private SvgShapes() {}

    static void line(Html html, String style, double x1, double y1, double x2, double y2) {
        html.shape("line", "class", style, "x1", at(x1), "y1", at(y1), "x2", at(x2), "y2", at(y2));
    }

    static void circle(Html html, String style, double x, double y, String radius) {
        html.shape("circle", "class", style, "cx", at(x), "cy", at(y), "r", radius);
    }

    /**
     * A text.
     *
     * @param anchor which part of it is at {@code x}: {@code start}, {@code middle} or {@code end}
     */
    static void label(Html html, String anchor, double x, double y, String text) {
        html.element("text", text, "text-anchor", anchor, "x", at(x), "y", at(y));
    }

    /** A coordinate. */
    static String at(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
