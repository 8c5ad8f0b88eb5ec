package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTest {
    @Test
    void aCountMayBeTheLeastAndMore() {
        assertThatCode(() -> Range.atLeast("n", 3, 3)).doesNotThrowAnyException();
        assertThatCode(() -> Range.atLeast("n", Long.MAX_VALUE, 3)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Range.atLeast("n", 2, 3))
                .isInstanceOf(CairnException.class)
                .hasMessage("n: expected at least 3, found 2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 0.5, 1})
    void aNumberMayBeEitherBoundAndBetween(double value) {
        assertThatCode(() -> Range.within("x", value, 0, 1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "-0.1, -0.1",
        "1.5, 1.5",
        "2, 2",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "1e14, 100000000000000",
        "1e15, 1.0E15",
    })
    void whatIsOutsideIsShownAsItWouldBeWritten(double value, String shown) {
        assertThatThrownBy(() -> Range.within("x", value, 0, 1))
                .isInstanceOf(CairnException.class)
                .hasMessage("x: expected at least 0 and at most 1, found " + shown);
    }

    @Test
    void aboveZeroLeavesZeroOut() {
        assertThatCode(() -> Range.within("x", Double.MIN_VALUE, Range.ABOVE_0, 1))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Range.within("x", 0, Range.ABOVE_0, 0.99))
                .hasMessage("x: expected above 0 and at most 0.99, found 0");
    }
}
