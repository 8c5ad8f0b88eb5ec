package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Generator.Likelihood;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptLogprobsTest {
    private static final int WINDOW = 300;

    /** Other numbers of rows at once: the same floats near 1 in another order. */
    private static final double ROUNDING = 2e-5;

    private static Generator generator(String type, PrefixCache prefixes) {
        CausalLm model =
                TinyModels.frozen(
                        TinyModels.config(type).put("max_position_embeddings", WINDOW),
                        Kernels.vector());
        return new Generator(model, TinyModels.adapter(model, 0, false), prefixes);
    }

    private static int[] tokens(int count) {
        return new SplittableRandom(count).ints(count, 0, TinyModels.VOCABULARY).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void everyTokenIsScoredAfterAllBeforeIt(String type) {
        Generator generator = generator(type, PrefixCache.NONE);
        for (int length : new int[] {1, 2, 3, 64, 65, 66, 129, 256, WINDOW, WINDOW + 1}) {
            int[] prompt = tokens(length);
            List<PromptToken> scored = generator.promptLogprobs(prompt, 0, () -> {});
            int[] rest = Arrays.copyOfRange(prompt, 1, length);
            Likelihood expected = generator.score(Arrays.copyOf(prompt, 1), rest);

            assertThat(scored).hasSize(length - 1);
            for (int i = 0; i < length - 1; i++) {
                assertThat(scored.get(i).token()).isEqualTo(prompt[i + 1]);
                assertThat(scored.get(i).logprob())
                        .isEqualTo(expected.logprobs()[i], within(ROUNDING));
                assertThat(scored.get(i).top()).isEmpty();
            }
            assertThat(scored.stream().allMatch(PromptToken::isMostProbable))
                    .isEqualTo(expected.isGreedy());
        }
    }

    @Test
    void theMostProbableTokensStandBesideEachWithTheSameNumbers() {
        int[] prompt = tokens(100);
        List<PromptToken> scored =
                generator("llama", PrefixCache.NONE).promptLogprobs(prompt, 4, () -> {});
        for (PromptToken token : scored) {
            assertThat(token.top()).hasSize(4);
            assertThat(token.isMostProbable())
                    .isEqualTo(token.top().getFirst().token() == token.token());
            for (TokenLogprob other : token.top()) {
                if (other.token() == token.token()) {
                    assertThat(other.logprob()).isEqualTo(token.logprob());
                }
            }
        }
    }

    /** What was read for the numbers need not be read again for an answer, nor changes it. */
    @Test
    void aPromptThatWasScoredIsContinuedAsIfItWereNot() {
        int[] prompt = tokens(200);
        PrefixCache prefixes = PrefixCache.ofBytes(1 << 24);
        Generator scoring = generator("gpt_neox", prefixes);
        List<PromptToken> first = scoring.promptLogprobs(prompt, 2, () -> {});

        assertThat(prefixes.size()).isEqualTo(2);
        assertThat(written(scoring, prompt))
                .isEqualTo(written(generator("gpt_neox", PrefixCache.NONE), prompt));
        assertThat(scoring.promptLogprobs(prompt, 2, () -> {})).isEqualTo(first);
    }

    /** Where answers are computed with factors in bfloat16, as some processors do it faster. */
    @Test
    void aPromptIsScoredInFloat32Everywhere() {
        int[] prompt = new SplittableRandom(5).ints(150, 0, 1000).toArray();
        List<PromptToken> precise = inBf16(false).promptLogprobs(prompt, 0, () -> {});
        Generator rounding = inBf16(true);
        assertThat(rounding.promptLogprobs(prompt, 0, () -> {})).isEqualTo(precise);
        // Nothing of it may be in what an answer is computed from.
        assertThat(rounding.prefixes().size()).isZero();
    }

    private static Generator inBf16(boolean wanted) {
        System.setProperty("cairn.bf16", Boolean.toString(wanted));
        try {
            CausalLm model = Models.open(Path.of("models/pebble"));
            return new Generator(model, null, PrefixCache.ofBytes(1 << 24));
        } finally {
            System.clearProperty("cairn.bf16");
        }
    }

    private static List<Object> written(Generator generator, int[] prompt) {
        List<Object> seen = new ArrayList<>();
        generator.generate(
                prompt,
                SamplingParams.GREEDY,
                6,
                chosen -> seen.add(chosen.top(3)) && seen.add(chosen.logprob()));
        return seen;
    }

    @Test
    void whoeverChecksMayEndIt() {
        Generator generator = generator("llama", PrefixCache.NONE);
        assertThatThrownBy(() ->
                        generator.promptLogprobs(
                                tokens(5),
                                0,
                                () -> {
                                    throw new IllegalStateException("hung up");
                                }))
                .hasMessage("hung up");
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        Generator generator = generator("llama", PrefixCache.NONE);
        for (int length : new int[] {0, WINDOW + 2}) {
            assertThatThrownBy(() -> generator.promptLogprobs(new int[length], 0, () -> {}))
                    .isInstanceOf(CairnException.class)
                    .hasMessage(
                            "a prompt of %d tokens cannot be scored; expected 1 to 301"
                                    .formatted(length));
        }
        for (int[] prompt : new int[][] {{1, 2, TinyModels.VOCABULARY}, {-1, 2}, {-1}}) {
            assertThatThrownBy(() -> generator.promptLogprobs(prompt, 0, () -> {}))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("is outside the model's vocabulary");
        }
    }
}
