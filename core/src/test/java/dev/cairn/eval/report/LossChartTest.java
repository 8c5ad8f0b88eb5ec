package dev.cairn.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
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
    void aCurveGoesFromTopLeftToBottomRight() {
        Html html = new Html();
        LossChart.add(
                html,
                new LossCurve(
                        "run",
                        List.of(
                                new LossCurve.Point(0, 5.0, null),
                                new LossCurve.Point(100, 0.0, 2.5))));
        // The panel spans 40..382 across and 10..196 down; loss 0 is at the bottom.
        assertThat(html.toString())
                .contains("<polyline class=\"train\" points=\"40.0,10.0 382.0,196.0\"/>")
                .contains("<circle class=\"val\" cx=\"382.0\" cy=\"103.0\" r=\"3\"/>");
    }

    @Test
    void aLongRunIsAveragedIntoASmallPicture() {
        List<LossCurve.Point> points = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            points.add(new LossCurve.Point(step, step % 2 == 0 ? 1 : 3, null));
        }
        Html html = new Html();
        LossChart.add(html, new LossCurve("run", points));

        assertThat(html.toString()).hasSizeLessThan(12_000);
    }
}
