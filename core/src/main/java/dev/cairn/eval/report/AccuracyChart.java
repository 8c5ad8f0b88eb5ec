package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.SystemRun;

/**
 * A chart of exact match as points with intervals on one scale from 0 to 100 %, with one panel per
 * question set. Drawn with percentage coordinates, so it fills any width without distorting.
 */
final class AccuracyChart {
    private AccuracyChart() {}

    static void add(Html html, EvalReport report) {
        html.open("div", "class", "chart");
        for (int set = 0; set < report.sets().size(); set++) {
            html.open("figure").element("figcaption", report.sets().get(set));
            for (SystemRun run : report.systems()) {
                boolean focus = run.system().name().equals(report.focus());
                html.open("div", "class", focus ? "bar focus" : "bar");
                html.element("span", run.system().name(), "class", "name");
                Accuracy accuracy = run.sets().get(set).accuracy();
                IntervalTrack.add(html, accuracy.low(), accuracy.rate(), accuracy.high());
                html.element(
                        "span",
                        Numbers.percent(run.sets().get(set).accuracy().rate()),
                        "class",
                        "value");
                html.close();
            }
            IntervalTrack.addScale(html);
            html.close();
        }
        html.close();
    }
}
