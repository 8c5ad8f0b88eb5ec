package dev.cairn.eval.report;

import java.util.Locale;

/** Draws a share as a point with its interval on a scale from 0 to 100 %, at any width. */
public final class IntervalTrack {
    private static final int[] GRID = {0, 25, 50, 75, 100};

    private IntervalTrack() {}

    /** One point with its interval; shares between 0 and 1. */
    public static void add(Html html, double low, double rate, double high) {
        html.open("svg", "class", "track", "aria-hidden", "true");
        for (int percent : GRID) {
            html.shape(
                    "line",
                    "class",
                    "grid",
                    "x1",
                    percent + "%",
                    "x2",
                    percent + "%",
                    "y1",
                    "0",
                    "y2",
                    "26");
        }
        html.shape("line", "class", "range", "x1", at(low), "x2", at(high), "y1", "13", "y2", "13");
        html.shape("circle", "class", "dot", "cx", at(rate), "cy", "13", "r", "5");
        html.close();
    }

    /** The scale under the points, as a row of its own. */
    public static void addScale(Html html) {
        html.open("div", "class", "bar scale", "aria-hidden", "true").element("span", "");
        html.open("svg", "class", "track");
        for (int percent : GRID) {
            html.element("text", percent + "%", "x", percent + "%", "y", "12");
        }
        html.close().element("span", "").close();
    }

    private static String at(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }
}
