package dev.cairn.eval.report;

import dev.cairn.eval.LossCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One loss curve as inline SVG: linear axes, loss from 0. Drawn by hand because Java's own drawing
 * needs installed fonts, which small containers do not have.
 */
final class LossChart {
    private static final double LEFT = 40;
    private static final double RIGHT = 382;
    private static final double TOP = 10;
    private static final double BOTTOM = 196;
    private static final int MAX_POINTS = 400;

    private final Html html;
    private final Axis steps;
    private final Axis losses;

    private LossChart(Html html, Axis steps, Axis losses) {
        this.html = html;
        this.steps = steps;
        this.losses = losses;
    }

    static void add(Html html, LossCurve curve) {
        List<XY> train = new ArrayList<>();
        List<XY> validation = new ArrayList<>();
        for (LossCurve.Point point : curve.points()) {
            addFinite(train, (double) point.step(), point.trainLoss());
            Double valLoss = point.valLoss();
            addFinite(validation, (double) point.step(), valLoss == null ? Double.NaN : valLoss);
        }
        List<XY> all = new ArrayList<>(train);
        all.addAll(validation);
        Axis steps = Axis.upTo(all.stream().mapToDouble(XY::x).max().orElse(1));
        Axis losses = Axis.upTo(all.stream().mapToDouble(XY::y).max().orElse(1));
        new LossChart(html, steps, losses).draw(curve.name(), thin(train), validation);
    }

    private static void addFinite(List<XY> points, double x, double y) {
        if (Double.isFinite(y)) {
            points.add(new XY(x, y));
        }
    }

    /** Averages neighbouring points to keep the chart of a long run small. */
    private static List<XY> thin(List<XY> points) {
        int bucket = Math.ceilDiv(points.size(), MAX_POINTS);
        List<XY> thinned = new ArrayList<>();
        for (int from = 0; from < points.size(); from += bucket) {
            List<XY> near = points.subList(from, Math.min(from + bucket, points.size()));
            thinned.add(
                    new XY(
                            near.stream().mapToDouble(XY::x).average().orElseThrow(),
                            near.stream().mapToDouble(XY::y).average().orElseThrow()));
        }
        return thinned;
    }

    private void draw(String name, List<XY> train, List<XY> validation) {
        String label = "Loss of %s by step".formatted(name);
        html.open("svg", "viewBox", "0 0 400 230", "role", "img", "aria-label", label);
        for (double loss : losses.ticks()) {
            SvgShapes.line(html, "grid", LEFT, y(loss), RIGHT, y(loss));
            SvgShapes.label(html, "end", LEFT - 6, y(loss) + 4, losses.format(loss));
        }
        for (double step : steps.ticks()) {
            SvgShapes.line(html, "axis", x(step), BOTTOM, x(step), BOTTOM + 4);
            SvgShapes.label(html, "middle", x(step), BOTTOM + 17, steps.format(step));
        }
        SvgShapes.line(html, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        SvgShapes.label(html, "end", RIGHT, BOTTOM + 31, "step");
        path("train", train);
        path("val", validation);
        for (XY point : validation) {
            SvgShapes.circle(html, "val", x(point.x()), y(point.y()), "3");
        }
        html.close();
    }

    private void path(String style, List<XY> points) {
        StringBuilder path = new StringBuilder();
        for (XY point : points) {
            path.append(SvgShapes.at(x(point.x())))
                    .append(',')
                    .append(SvgShapes.at(y(point.y())))
                    .append(' ');
        }
        html.shape("polyline", "class", style, "points", path.toString().strip());
    }

    private double x(double step) {
        return LEFT + (RIGHT - LEFT) * step / steps.max();
    }

    private double y(double loss) {
        return BOTTOM - (BOTTOM - TOP) * loss / losses.max();
    }

    private record XY(double x, double y) {}

    /** A scale from 0 with round ticks. */
    record Axis(double max, double tick) {
        /**
         * The smallest scale with a tick of 1, 2 or 5 times a power of ten, at most eight of them.
         */
        static Axis upTo(double largest) {
            double top = largest > 0 ? largest : 1;
            double power = Math.pow(10, Math.floor(Math.log10(top / 7)));
            for (double digit : new double[] {1, 2, 5, 10}) {
                if (top / (digit * power) <= 7) {
                    double tick = digit * power;
                    return new Axis(tick * Math.ceil(top / tick), tick);
                }
            }
            throw new IllegalStateException("no tick for " + largest);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            for (int i = 0; i <= Math.round(max / tick); i++) {
                ticks.add(i * tick);
            }
            return ticks;
        }

        String format(double value) {
            int decimals = (int) Math.max(0, Math.ceil(-Math.log10(tick) - 1e-9));
            return String.format(Locale.ROOT, "%,." + decimals + "f", value);
        }
    }
}
