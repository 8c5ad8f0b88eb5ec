package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Generator.End;
import dev.cairn.generate.Generator.Likelihood;
import dev.cairn.generate.Generator.Outcome;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Logits;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    private static final int WINDOW = 16;
    private static final int[] PROMPT = {3, 1, 4};

    /** Cached and uncached, packed and single tokens: the same floats near 1 in another order. */
    private static final double ROUNDING = 2e-5;

    /** Warm enough that every token of the vocabulary appears now and then. */
    private static final SamplingParams WARM = new SamplingParams(2, 0, 1, 0, 1, 5);

    /** What a sink was given. */
    private static final class Written implements Generator.TokenListener {
        private final List<Integer> tokens = new ArrayList<>();
        private final List<Double> logprobs = new ArrayList<>();
        private final int enough;

        Written(int enough) {
            this.enough = enough;
        }

        @Override
        public boolean accept(SampledToken chosen) {
            tokens.add(chosen.token());
            logprobs.add(chosen.logprob());
            return tokens.size() < enough;
        }

        int[] ids() {
            return tokens.stream().mapToInt(token -> token).toArray();
        }
    }

    private static Generator generator(String type) {
        CausalLm model = TinyModels.frozen(TinyModels.config(type), Kernels.vector());
        return new Generator(model, TinyModels.adapter(model, 0.1, false));
    }

    /** Logits after all of these tokens, read at once and without a cache. */
    private static float[] logits(Generator generator, int[] ids) {
        Kernels kernels = generator.model().kernels();
        ForwardContext pass = ForwardContext.of(kernels, generator.adapter());
        Tensor hidden = generator.model().forward(pass, Logits.single(ids), null).hidden();
        Tensor last = kernels.zeros(1, hidden.cols());
        kernels.elementwise().copyRows(hidden, hidden.rows() - 1, last, 0, 1);
        return generator.model().head().forward(pass, last).y().toFloats();
    }

    private static int[] joined(int[] first, int... second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "gemma3_text", "smollm3", "granitemoehybrid"})
    void greedyIsTheMostProbableTokenOfEveryUncachedPass(String type) {
        Generator generator = generator(type);
        Generator base = new Generator(generator.model(), null);
        for (int first = 0; first < TinyModels.VOCABULARY; first++) {
            assertGreedy(generator, new int[] {first, 7, 2});
            assertGreedy(base, new int[] {first});
        }
    }

    private static void assertGreedy(Generator generator, int[] prompt) {
        Written written = new Written(100);
        Outcome outcome = generator.generate(prompt, SamplingParams.GREEDY, 8, written);

        assertThat(outcome.end()).isEqualTo(End.LENGTH);
        assertThat(outcome.tokens()).isEqualTo(8);
        int[] all = prompt;
        for (int i = 0; i < 8; i++) {
            float[] logits = logits(generator, all);
            int best = LogProbs.argMax(logits);
            assertThat(written.tokens.get(i)).isEqualTo(best);
            assertThat(written.logprobs.get(i))
                    .isCloseTo(LogProbs.of(logits, best), within(ROUNDING));
            all = joined(all, best);
        }
    }

    @Test
    void theAdapterTakesPart() {
        Generator generator = generator("llama");

        assertThat(write(generator, WARM, 8))
                .isNotEqualTo(write(new Generator(generator.model(), null), WARM, 8));
    }

    /** The log-probability is the model's own, whatever the temperature. */
    @Test
    void samplingFollowsFromItsSeedAndLeavesTheLogprobsAlone() {
        Generator generator = generator("gpt_neox");
        Written written = new Written(100);
        generator.generate(PROMPT, WARM, 10, written);

        assertThat(write(generator, WARM, 10)).isEqualTo(written.tokens);
        assertThat(write(generator, new SamplingParams(2, 0, 1, 0, 1, 6), 10))
                .isNotEqualTo(written.tokens);
        double[] scored = generator.score(PROMPT, written.ids()).logprobs();
        for (int i = 0; i < 10; i++) {
            assertThat(written.logprobs.get(i)).isCloseTo(scored[i], within(ROUNDING));
        }
    }

    /** The prompt's tokens are among those the penalty is for. */
    @Test
    void theRepetitionPenaltySeesThePromptAndWhatWasWritten() {
        Generator generator = generator("llama");
        SamplingParams neverTwice = new SamplingParams(0, 0, 1, 0, 100, 0);

        List<Integer> tokens = write(generator, neverTwice, 3);

        int[] all = PROMPT;
        for (int token : tokens) {
            Sampler sampler = Sampler.of(neverTwice);
            assertThat(token).isEqualTo(sampler.next(logits(generator, all), all));
            all = joined(all, token);
        }
        assertThat(all).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void anEndTokenStopsAndIsNotShown(String type) {
        CausalLm endless = TinyModels.frozen(TinyModels.config(type), Kernels.vector());
        List<Integer> tokens = write(new Generator(endless, null), WARM, 10);
        int at = firstNewToken(tokens, 3);
        int end = tokens.get(at);
        Generator generator =
                new Generator(
                        TinyModels.frozen(
                                TinyModels.config(type).put("eos_token_id", end), Kernels.vector()),
                        null);
        Written written = new Written(100);

        Outcome outcome = generator.generate(PROMPT, WARM, 10, written);

        assertThat(outcome.end()).isEqualTo(End.END_TOKEN);
        assertThat(outcome.tokens()).isEqualTo(at + 1);
        assertThat(written.tokens).isEqualTo(tokens.subList(0, at));
        float[] logits = logits(generator, joined(PROMPT, written.ids()));
        assertThat(Objects.requireNonNull(outcome.endLogprob()))
                .isCloseTo(LogProbs.of(logits, end), within(ROUNDING));
    }

    private static int firstNewToken(List<Integer> tokens, int from) {
        int at = from;
        while (tokens.indexOf(tokens.get(at)) < at) {
            at++;
        }
        return at;
    }

    private static List<Integer> write(Generator generator, SamplingParams settings, int limit) {
        Written written = new Written(100);
        generator.generate(PROMPT, settings, limit, written);
        return written.tokens;
    }

    @Test
    void aListenerThatHasEnoughStops() {
        Written written = new Written(4);
        Outcome outcome = generator("llama").generate(PROMPT, WARM, 10, written);

        assertThat(outcome.end()).isEqualTo(End.LISTENER);
        assertThat(outcome.tokens()).isEqualTo(4);
        assertThat(outcome.endLogprob()).isNull();
        assertThat(written.tokens).isEqualTo(write(generator("llama"), WARM, 10).subList(0, 4));
    }

    @Test
    void theLimitStops() {
        Generator generator = generator("llama");

        assertThat(write(generator, WARM, 1)).isEqualTo(write(generator, WARM, 5).subList(0, 1));
        Outcome none = generator.generate(PROMPT, WARM, 0, new Written(100));
        assertThat(none.end()).isEqualTo(End.LENGTH);
        assertThat(none.tokens()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void theWindowsEndStops(String type) {
        for (int length : new int[] {1, 10, WINDOW - 1}) {
            Written written = new Written(100);
            Outcome outcome =
                    generator(type).generate(new int[length], WARM, Integer.MAX_VALUE, written);

            assertThat(outcome.end()).isEqualTo(End.LENGTH);
            assertThat(outcome.tokens()).isEqualTo(WINDOW - length);
            assertThat(written.tokens).hasSize(WINDOW - length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, WINDOW, WINDOW + 1})
    void aPromptThatCannotBeContinuedIsRefused(int length) {
        assertThatThrownBy(
                        () -> generator("llama").generate(new int[length], WARM, 1, new Written(1)))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "a prompt of %d tokens cannot be continued; expected 1 to 15"
                                .formatted(length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void scoresEachTokenGivenAllBeforeIt(String type) {
        Generator generator = generator(type);
        int[] continuation = {1, 5, 9, 2, 6};

        Likelihood likelihood = generator.score(PROMPT, continuation);

        assertThat(likelihood.logprobs()).hasSize(5);
        for (int i = 0; i < 5; i++) {
            int[] before = joined(PROMPT, Arrays.copyOf(continuation, i));
            double expected = LogProbs.of(logits(generator, before), continuation[i]);
            assertThat(likelihood.logprobs()[i]).isCloseTo(expected, within(ROUNDING));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void greedyMeansThatEveryTokenWasTheMostProbable(String type) {
        Generator generator = generator(type);
        int[] greedy =
                write(generator, SamplingParams.GREEDY, 4).stream().mapToInt(i -> i).toArray();

        assertThat(generator.score(PROMPT, greedy).isGreedy()).isTrue();
        for (int i = 0; i < greedy.length; i++) {
            int[] other = greedy.clone();
            other[i] = (other[i] + 1) % TinyModels.VOCABULARY;
            assertThat(generator.score(PROMPT, other).isGreedy()).isFalse();
        }
    }

    @Test
    void aContextLongerThanTheWindowKeepsItsEnd() {
        Generator generator = generator("llama");
        int[] context = IntStream.range(0, 30).map(i -> i * i % 11).toArray();
        for (int length : new int[] {1, 3, WINDOW}) {
            int[] continuation = IntStream.range(0, length).map(i -> 7 * i % 11).toArray();
            int kept = WINDOW + 1 - length;
            int[] end = Arrays.copyOfRange(context, 30 - kept, 30);
            double[] expected = generator.score(end, continuation).logprobs();

            assertThat(generator.score(context, continuation).logprobs()).isEqualTo(expected);
            // One token more is cut off as well, one less changes what is read.
            int[] longer = Arrays.copyOfRange(context, 29 - kept, 30);
            assertThat(generator.score(longer, continuation).logprobs()).isEqualTo(expected);
            if (kept > 1) {
                int[] shorter = Arrays.copyOfRange(context, 31 - kept, 30);
                assertThat(generator.score(shorter, continuation).logprobs())
                        .isNotEqualTo(expected);
            }
        }
    }

    /** What is left to score of a text of one token whose first token is the context. */
    @Test
    void nothingHasALikelihoodOfOne() {
        for (int[] context : new int[][] {{1}, {1, 2, 3}, new int[WINDOW + 5]}) {
            Likelihood likelihood = generator("llama").score(context, new int[0]);

            assertThat(likelihood.logprobs()).isEmpty();
            assertThat(likelihood.isGreedy()).isTrue();
        }
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        Generator generator = generator("gpt_neox");

        assertThatThrownBy(() -> generator.score(new int[0], new int[] {1}))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("cannot score 1 tokens after 0");
        assertThatThrownBy(() -> generator.score(PROMPT, new int[WINDOW + 1]))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("a continuation of at most 16");
    }

    /** The last token is not read, only looked up. */
    @ParameterizedTest
    @ValueSource(ints = {-1, TinyModels.VOCABULARY})
    void tokensOutsideTheVocabularyAreRefusedWhereverTheyStand(int token) {
        Generator generator = generator("llama");
        List<int[][]> wrong =
                List.of(
                        new int[][] {{token, 1}, {2, 3}},
                        new int[][] {{1, 1}, {token, 3}},
                        new int[][] {{1, 1}, {2, token}});
        for (int[][] pair : wrong) {
            assertThatThrownBy(() -> generator.score(pair[0], pair[1]))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("token id " + token + " is outside the model's");
        }
        assertThatThrownBy(() -> generator.generate(new int[] {token}, WARM, 1, new Written(1)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("token id " + token);
    }
}
