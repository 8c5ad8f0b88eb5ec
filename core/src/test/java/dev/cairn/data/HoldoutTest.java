package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
    private static final List<Question> QUESTIONS =
            IntStream.range(0, 40)
                    .mapToObj(i -> new Question("q" + i, "kind", "input", "answer", Map.of()))
                    .toList();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 39})
    void everyQuestionIsEitherLearntFromOrHeldBack(int heldBack) {
        Holdout holdout = Holdout.of(QUESTIONS, heldBack, 3);
        assertThat(holdout.validation()).hasSize(heldBack);
        List<Question> all = new ArrayList<>(holdout.training());
        all.addAll(holdout.validation());
        assertThat(all).containsExactlyInAnyOrderElementsOf(QUESTIONS);
    }

    @Test
    void theSeedDecides() {
        Holdout holdout = Holdout.of(QUESTIONS, 10, 3);
        assertThat(Holdout.of(QUESTIONS, 10, 3)).isEqualTo(holdout);
        assertThat(Holdout.of(QUESTIONS, 10, 4).validation()).isNotEqualTo(holdout.validation());
        assertThat(holdout.validation()).isNotEqualTo(QUESTIONS.subList(0, 10));
    }

    @Test
    void samplesOfAQuestionStayTogether() {
        List<Question> samples =
                QUESTIONS.stream()
                        .flatMap(q ->
                                IntStream.range(0, 3)
                                        .mapToObj(s -> q.sample(s, "answer", Map.of())))
                        .toList();
        Holdout holdout = Holdout.of(samples, 10, 3);
        assertThat(holdout.validation()).hasSize(12);
        assertThat(holdout.training()).hasSize(108);
        assertThat(holdout.validation().stream().map(Question::origin).distinct()).hasSize(4);
        Holdout one = Holdout.of(samples.subList(0, 3), 2, 3);
        assertThat(one.training()).hasSize(3);
    }
}
