package dev.cairn.eval;

import java.util.Locale;

/**
 * Exact match as points with their intervals on one scale from 0 to 100 %, a panel per question
 * set. Drawn with percentage coordinates, so it fills any width without distorting.
 */
final class AccuracyChart {
    private static final int[] GRID = {0, 25, 50, 75, 100};

    private AccuracyChart() {}

    static void add(Html html, EvalReport report) {
        html.open("div", "class", "chart");
        for (int set = 0; set < report.sets().size(); set++) {
            html.open("figure").element("figcaption", report.sets().get(set));
            for (SystemRun run : report.systems()) {
                boolean focus = run.system().name().equals(report.focus());
                html.open("div", "class", focus ? "bar focus" : "bar");
                html.element("span", run.system().name(), "class", "name");
                addTrack(html, run.sets().get(set).accuracy());
                html.element(
                        "span",
                        Numbers.percent(run.sets().get(set).accuracy().rate()),
                        "class",
                        "value");
                html.close();
            }
            addScale(html);
            html.close();
        }
        html.close();
    }

    static void addTrack(Html html, Accuracy accuracy) {
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
        html.shape(
                "line",
                "class",
                "range",
                "x1",
                at(accuracy.low()),
                "x2",
                at(accuracy.high()),
                "y1",
                "13",
                "y2",
                "13");
        html.shape("circle", "class", "dot", "cx", at(accuracy.rate()), "cy", "13", "r", "5");
        html.close();
    }

    static void addScale(Html html) {
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
