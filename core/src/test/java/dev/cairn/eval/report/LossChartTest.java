package dev.cairn.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.eval.LossCurve;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossChartTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.0007, 0.3, 1, 2.9, 7, 10, 71, 999, 1000, 123_456})
    void anAxisCoversItsDataWithAFewRoundTicks(double largest) {
        LossChart.Axis axis = LossChart.Axis.upTo(largest);
        // The top is a sum of ticks and may round a hair below.
        assertThat(axis.max()).isGreaterThanOrEqualTo(largest * (1 - 1e-12));
        assertThat(axis.ticks()).hasSizeBetween(3, 8);
        assertThat(axis.ticks().getLast()).isCloseTo(axis.max(), within(axis.max() * 1e-12));
        assertThat(axis.ticks().stream().map(axis::format)).doesNotHaveDuplicates();
    }

    @Test
    void aFallingCurveGoesFromTopLeftToBottomRight() {
        Chart chart = Chart.of(curve(5, 4, 2, 1, 0));

        assertThat(chart.train()).hasSize(5);
        assertThat(chart.train().getFirst()).isEqualTo(new Spot(chart.left(), chart.top()));
        assertThat(chart.train().getLast()).isEqualTo(new Spot(chart.right(), chart.bottom()));
        assertThat(chart.train()).extracting(Spot::x).isSorted().doesNotHaveDuplicates();
        assertThat(chart.train()).extracting(Spot::y).isSorted().doesNotHaveDuplicates();
        assertThat(chart.left()).isLessThan(chart.right());
        assertThat(chart.top()).isLessThan(chart.bottom());
    }

    @Test
    void stepsAndLossesAreLinear() {
        Chart chart = Chart.of(curve(4, 2, 1, 3, 0));

        double width = chart.right() - chart.left();
        double height = chart.bottom() - chart.top();
        double[] losses = {4, 2, 1, 3, 0};
        for (int i = 0; i < losses.length; i++) {
            Spot spot = chart.train().get(i);
            assertThat(spot.x()).isCloseTo(chart.left() + width * i / 4, within(0.1));
            assertThat(spot.y()).isCloseTo(chart.bottom() - height * losses[i] / 4, within(0.1));
        }
    }

    @Test
    void validationHasADotAtItsStepAndALineOfItsOwn() {
        Chart chart =
                Chart.of(
                        List.of(
                                new LossCurve.Point(0, 4.0, null),
                                new LossCurve.Point(50, 3.0, 2.0),
                                new LossCurve.Point(100, 0.0, Double.NaN)));

        assertThat(chart.validation()).hasSize(1);
        assertThat(chart.dots()).isEqualTo(chart.validation());
        Spot dot = chart.dots().getFirst();
        assertThat(dot.x()).isCloseTo((chart.left() + chart.right()) / 2, within(0.1));
        assertThat(dot.y()).isCloseTo((chart.top() + chart.bottom()) / 2, within(0.1));
    }

    @Test
    void itSaysWhatItShows() {
        assertThat(Chart.of(curve(5, 4, 2, 1, 0)).svg())
                .contains("aria-label=\"Loss of run by step\"")
                .contains(">0</text>", ">1</text>", ">5</text>")
                .contains(">20</text>", ">100</text>", ">step</text>");
    }

    @Test
    void aLongRunIsAveragedIntoASmallPicture() {
        List<LossCurve.Point> points = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            points.add(new LossCurve.Point(step, step % 2 == 0 ? 1 : 3, null));
        }
        Chart chart = Chart.of(points);

        assertThat(chart.svg()).hasSizeLessThan(12_000);
        assertThat(chart.train()).hasSize(400).extracting(Spot::x).isSorted();
        // Averages of 25 are within 0.04 of 2, on an axis that ends at 3.
        double two = chart.bottom() - (chart.bottom() - chart.top()) * 2 / 3;
        assertThat(chart.train()).allMatch(spot -> Math.abs(spot.y() - two) < 3);
    }

    /** Training losses at steps from 0 to 100. */
    private static List<LossCurve.Point> curve(double... losses) {
        return IntStream.range(0, losses.length)
                .mapToObj(i -> new LossCurve.Point(100 * i / (losses.length - 1), losses[i], null))
                .toList();
    }

    private record Spot(double x, double y) {}

    /** What is drawn, and the frame: the lowest line across and the topmost. */
    private record Chart(
            String svg, double left, double right, double top, double bottom, List<Spot> dots) {
        private static final Pattern GRID =
                Pattern.compile("<line class=\"grid\" x1=\"(.+?)\" y1=\"(.+?)\" x2=\"(.+?)\"");
        private static final Pattern DOT =
                Pattern.compile("<circle class=\"val\" cx=\"(.+?)\" cy=\"(.+?)\"");

        static Chart of(List<LossCurve.Point> points) {
            Html html = new Html();
            LossChart.add(html, new LossCurve("run", points));
            String svg = html.toString();
            List<MatchResult> grid = GRID.matcher(svg).results().toList();
            DoubleSummaryStatistics heights =
                    grid.stream().mapToDouble(line -> number(line, 2)).summaryStatistics();
            return new Chart(
                    svg,
                    number(grid.getFirst(), 1),
                    number(grid.getFirst(), 3),
                    heights.getMin(),
                    heights.getMax(),
                    DOT.matcher(svg)
                            .results()
                            .map(dot -> new Spot(number(dot, 1), number(dot, 2)))
                            .toList());
        }

        List<Spot> train() {
            return line("train");
        }

        List<Spot> validation() {
            return line("val");
        }

        private List<Spot> line(String style) {
            Matcher line =
                    Pattern.compile("<polyline class=\"" + style + "\" points=\"(.*?)\"")
                            .matcher(svg);
            assertThat(line.find()).isTrue();
            return Stream.of(line.group(1).split(" "))
                    .map(spot -> spot.split(","))
                    .map(xy -> new Spot(Double.parseDouble(xy[0]), Double.parseDouble(xy[1])))
                    .toList();
        }

        private static double number(MatchResult match, int group) {
            return Double.parseDouble(match.group(group));
        }
    }
}
