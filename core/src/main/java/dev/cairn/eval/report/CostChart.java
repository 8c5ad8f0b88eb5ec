package dev.cairn.eval.report;

import dev.cairn.eval.compare.ComparedSystem;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Scores against what an answer costs in processor time: up and to the left is better. */
final class CostChart {
    private static final double LEFT = 40;
    private static final double RIGHT = 380;
    private static final double TOP = 10;
    private static final double BOTTOM = 190;

    private CostChart() {}

    /** Adds one chart per measure; none if the cost of some system is unknown. */
    static void add(Html html, Comparison comparison) {
        List<ComparedSystem> all = comparison.systems();
        if (all.stream().anyMatch(c -> c.costs().cpuSecondsPerAnswer() == null)) {
            return;
        }
        double maxMillis = all.stream().mapToDouble(CostChart::millis).max().orElse(1);
        html.element("h3", "Scores against cost").open("div", "class", "curves");
        for (String measure : all.getFirst().measures()) {
            html.open("figure")
                    .element("figcaption", measure + " against processor time of an answer");
            draw(html, comparison.marksOf(measure), all, maxMillis * 1.1);
            html.close();
        }
        html.close();
    }

    private static double millis(ComparedSystem system) {
        Double seconds = system.costs().cpuSecondsPerAnswer();
        return seconds == null ? 0 : 1e3 * seconds;
    }

    private static void draw(
            Html html, List<Comparison.Mark> marks, List<ComparedSystem> all, double maxMillis) {
        String label = marks.getFirst().measure() + " against processor time";
        html.open("svg", "viewBox", "0 0 400 230", "role", "img", "aria-label", label);
        for (int percent = 0; percent <= 100; percent += 25) {
            SvgShapes.line(html, "grid", LEFT, y(percent / 100.0), RIGHT, y(percent / 100.0));
            SvgShapes.label(html, "end", LEFT - 6, y(percent / 100.0) + 4, percent + "%");
        }
        SvgShapes.line(html, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        SvgShapes.label(
                html,
                "end",
                RIGHT,
                BOTTOM + 34,
                Numbers.decimal(maxMillis, maxMillis < 10 ? 1 : 0) + " ms");
        SvgShapes.label(html, "start", LEFT, BOTTOM + 34, "0");
        List<Integer> byCost =
                IntStream.range(0, marks.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> millis(all.get(i))))
                        .toList();
        for (int place = 0; place < byCost.size(); place++) {
            int i = byCost.get(place);
            double x = LEFT + (RIGHT - LEFT) * millis(all.get(i)) / maxMillis;
            point(html, i == 0, x, marks.get(i), place % 2 == 0);
        }
        html.close();
    }

    /** A point with its interval; names alternate above and below, so that they do not overlap. */
    private static void point(
            Html html, boolean isFirst, double x, Comparison.Mark mark, boolean isAbove) {
        Estimate score = mark.score();
        html.open("g", "class", isFirst ? "focus" : "");
        SvgShapes.line(html, "range", x, y(score.low()), x, y(score.high()));
        SvgShapes.circle(html, "dot", x, y(score.mean()), "5");
        double name = isAbove ? y(score.high()) - 9 : y(score.low()) + 18;
        SvgShapes.label(html, "middle", x, name, mark.system());
        html.close();
    }

    private static double y(double share) {
        return BOTTOM - (BOTTOM - TOP) * share;
    }
}
