package dev.cairn.eval.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SwapsTest {
    private static Swap swap(Circle circle, int question) {
        return circle.swap(question, new Random(1));
    }

    @Test
    void whenAllTextsDifferEachGoesToExactlyOneOtherQuestion() {
        Map<Integer, String> texts =
                IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> i, i -> "text " + i));
        Circle circle = Circle.of(texts, 7);
        List<String> others =
                IntStream.range(0, 50).mapToObj(i -> swap(circle, i).other()).toList();
        assertThat(others).containsExactlyInAnyOrderElementsOf(texts.values());
        for (int i = 0; i < 50; i++) {
            assertThat(others.get(i)).isNotEqualTo(texts.get(i));
        }
        Circle again = Circle.of(texts, 8);
        assertThat(IntStream.range(0, 50).mapToObj(i -> swap(again, i).other()).toList())
                .isNotEqualTo(others);
    }

    @Test
    void textsThatSayTheSameAreNoSwap() {
        Circle circle = Circle.of(Map.of(0, "the park", 1, "Park.", 2, "park", 4, "hall"), 1);
        assertThat(swap(circle, 0).other()).isEqualTo("hall");
        assertThat(swap(circle, 1).other()).isEqualTo("hall");
        assertThat(swap(circle, 4).other()).isIn("the park", "Park.", "park");
        assertThat(swap(circle, 3)).isEqualTo(Swap.NONE);
        assertThat(swap(Circle.of(Map.of(0, "a"), 1), 0)).isEqualTo(Swap.NONE);
    }

    @Test
    void oneWordThatOnlyTheTextHasBecomesOneThatOnlyTheOtherHas() {
        assertThat(OneWord.changed("Ida ran to the park.", "Paul ran to the park.", new Random(1)))
                .contains("Paul ran to the park.");
        // Wherever it stands, and as a whole word only.
        assertThat(OneWord.changed("Ida, Idaho, ida", "Idaho, $1", new Random(1)))
                .contains("1, Idaho, 1");
        assertThat(OneWord.changed("né à", "né où", new Random(1))).contains("né où");
    }

    @Test
    void withoutAWordOfItsOwnATextCannotBeChanged() {
        assertThat(OneWord.changed("the park", "to the Park", new Random(1))).isEmpty();
        assertThat(OneWord.changed("to the park", "the park", new Random(1))).isEmpty();
        assertThat(OneWord.changed("", "park", new Random(1))).isEmpty();
        assertThat(swap(Circle.of(Map.of(0, "park", 1, "the big park", 2, "hall"), 1), 0).altered())
                .isEqualTo("hall");
    }
}
