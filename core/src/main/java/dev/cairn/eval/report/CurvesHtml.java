package dev.cairn.eval.report;

import dev.cairn.eval.LossCurve;
import dev.cairn.eval.LossCurve.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Loss curves side by side, each with its last and best values in words. */
final class CurvesHtml {
    private CurvesHtml() {}

    static void add(Html html, List<LossCurve> curves) {
        if (curves.isEmpty()) {
            return;
        }
        html.open("section").element("h2", "Loss curves");
        html.open("p", "class", "note");
        addKey(html, "train");
        html.text("training ");
        addKey(html, "val");
        html.text("validation");
        html.close().open("p", "class", "note");
        html.text(
                "Loss is the mean negative log-likelihood per trained token, in nats. Every panel has"
                        + " its own scale.");
        html.close().open("div", "class", "curves");
        for (LossCurve curve : curves) {
            html.open("figure").element("figcaption", curve.name());
            LossChart.add(html, curve);
            html.element("p", summary(curve), "class", "note").close();
        }
        html.close().close();
    }

    private static void addKey(Html html, String series) {
        html.open("svg", "class", "key", "aria-hidden", "true");
        html.shape("line", "class", series, "x1", "0", "x2", "26", "y1", "5", "y2", "5");
        if (series.equals("val")) {
            html.shape("circle", "class", series, "cx", "13", "cy", "5", "r", "3.5");
        }
        html.close();
    }

    private static String summary(LossCurve curve) {
        List<Point> points = curve.points();
        Optional<Point> last =
                points.stream()
                        .filter(point -> Double.isFinite(point.trainLoss()))
                        .reduce((earlier, later) -> later);
        Optional<Point> best =
                points.stream()
                        .filter(point -> Double.isFinite(valLoss(point)))
                        .min(Comparator.comparingDouble(CurvesHtml::valLoss));
        String train =
                last.map(p -> "last training loss " + at(p.trainLoss(), p.step()))
                        .orElse("no training loss measured");
        String val =
                best.map(p -> "; best validation loss " + at(valLoss(p), p.step()))
                        .orElse("; no validation loss measured");
        return train + val;
    }

    private static String at(double loss, long step) {
        return "%s (step %s)".formatted(Numbers.loss(loss), Numbers.grouped(step));
    }

    private static double valLoss(Point point) {
        Double loss = point.valLoss();
        return loss == null ? Double.NaN : loss;
    }
}
