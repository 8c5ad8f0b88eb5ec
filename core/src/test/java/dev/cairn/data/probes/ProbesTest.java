package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.TokenExample;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbesTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Path.of("models/pebble"));
    private static final int WINDOW = 512;

    private static List<Probe> probes(int count) {
        return new Probes(TOKENIZER, WINDOW, 1).all(count);
    }

    private static List<Probe> probes(ProbeKind kind) {
        return probes(20).stream().filter(probe -> probe.kind() == kind).toList();
    }

    @Test
    void everyKindComesInAllItsSizes() {
        assertThat(probes(3))
                .allSatisfy(probe -> assertThat(probe.examples()).hasSize(3))
                .extracting(probe -> probe.kind().label() + " " + probe.size())
                .containsExactly(
                        "repeat 8",
                        "repeat 16",
                        "repeat 32",
                        "repeat 64",
                        "recall 2",
                        "recall 4",
                        "recall 8",
                        "recall 16",
                        "last-line 4",
                        "last-line 8",
                        "last-line 16");
    }

    @Test
    void theSeedDecidesEveryToken() {
        List<List<Integer>> tokens = tokens(probes(4));
        assertThat(tokens(probes(4))).isEqualTo(tokens);
        assertThat(tokens(new Probes(TOKENIZER, WINDOW, 2).all(4)))
                .hasSameSizeAs(tokens)
                .doesNotContainAnyElementsOf(tokens);
        assertThat(tokens).doesNotHaveDuplicates();
    }

    /** Else a run with few of them would measure something else than one with many. */
    @Test
    void fewAreTheFirstOfMany() {
        List<Probe> many = probes(5);
        List<Probe> few = probes(2);
        for (int i = 0; i < few.size(); i++) {
            assertThat(tokens(few.subList(i, i + 1)))
                    .isEqualTo(tokens(many.subList(i, i + 1)).subList(0, 2));
        }
    }

    private static List<List<Integer>> tokens(List<Probe> probes) {
        return probes.stream()
                .flatMap(probe -> probe.examples().stream())
                .map(example -> Arrays.stream(example.ids()).boxed().toList())
                .toList();
    }

    /** A repeated sequence of 64 is 128 tokens, of which the last is never read. */
    @Test
    void whatDoesNotFitIntoTheWindowIsLeftOut() {
        assertThat(new Probes(TOKENIZER, 127, 1).all(2)).anyMatch(ProbesTest::isRepeat64);
        assertThat(new Probes(TOKENIZER, 126, 1).all(2))
                .isNotEmpty()
                .noneMatch(ProbesTest::isRepeat64);
        assertThat(new Probes(TOKENIZER, 14, 1).all(2)).isEmpty();
    }

    private static boolean isRepeat64(Probe probe) {
        return probe.kind() == ProbeKind.REPEAT && probe.size() == 64;
    }

    @Test
    void aSequenceOfDifferentTokensIsRepeatedFromItsSecondTokenOn() {
        for (Probe probe : probes(ProbeKind.REPEAT)) {
            int size = probe.size();
            for (TokenExample example : probe.examples()) {
                int[] first = Arrays.copyOf(example.ids(), size);
                assertThat(Arrays.copyOfRange(example.ids(), size, 2 * size)).isEqualTo(first);
                assertThat(first).doesNotHaveDuplicates();
                assertThat(Arrays.stream(first)).noneMatch(TOKENIZER::isSpecial);
                assertThat(example.ids()).hasSize(2 * size);
                assertThat(example.firstTarget()).isEqualTo(size + 1);
            }
        }
    }

    @Test
    void aVocabularyTooSmallForASequenceHasNone() {
        Repeat repeat = new Repeat(new int[] {3, 5, 8}, new int[] {1});
        assertThat(repeat.has(3)).isTrue();
        assertThat(repeat.has(4)).isFalse();
        TokenExample example = repeat.example(3, new SplittableRandom(1));
        assertThat(example.ids()).startsWith(1).hasSize(7);
        assertThat(example.firstTarget()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"RECALL", "LAST_LINE"})
    void whatIsAskedForStandsInTheText(ProbeKind kind) {
        for (Probe probe : probes(kind)) {
            for (TokenExample example : probe.examples()) {
                int[] ids = example.ids();
                int from = example.firstTarget();
                String before = TOKENIZER.decode(Arrays.copyOf(ids, from));
                String after = TOKENIZER.decode(Arrays.copyOfRange(ids, from, ids.length));
                assertThat(before).contains(after);
                assertThat(after).startsWith(" ");
            }
        }
    }
}
