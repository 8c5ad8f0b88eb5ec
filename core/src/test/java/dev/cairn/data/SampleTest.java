package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final List<Question> TEN =
            IntStream.range(0, 10)
                    .mapToObj(i -> new Question("q" + i, "k", "x", "y", Map.of()))
                    .toList();

    @Test
    void keepsTheOrderAndTakesNoQuestionTwice() {
        for (int seed = 0; seed < 50; seed++) {
            List<Question> four = Sample.of(TEN, 4, seed);
            assertThat(four).hasSize(4).doesNotHaveDuplicates();
            assertThat(four).isSortedAccordingTo(Comparator.comparing(Question::id));
            assertThat(Sample.of(TEN, 4, seed)).isEqualTo(four);
        }
        assertThat(Sample.of(TEN, 10, 3)).isEqualTo(TEN);
    }

    @Test
    void everyQuestionHasAChance() {
        Set<Question> taken = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            taken.addAll(Sample.of(TEN, 2, seed));
        }
        assertThat(taken).hasSize(10);
    }
}
