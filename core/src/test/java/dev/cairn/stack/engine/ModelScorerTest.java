package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.stack.TinyBases;
import dev.cairn.tensor.Tensor;
import dev.cairn.text.Score;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelScorerTest {
    @TempDir static Path random;
    @TempDir static Path chains;

    @BeforeAll
    static void writeBases() {
        TinyBases.random(random, 5);
        TinyBases.chains(chains, "abcdef");
    }

    @Test
    void scoresAreTheLogSoftmaxOfTheModelsLogits() {
        int[] context = {5, 200, 13};
        int[] continuation = {7, 7, 256, 1};
        Score score = ModelScorer.open(random).score(context, continuation);
        Tensor logits = logits(5, 200, 13, 7, 7, 256);
        assertThat(score.tokens()).containsExactly(7, 7, 256, 1);
        for (int i = 0; i < continuation.length; i++) {
            // The model computes in floats, and for one row in another order than for six.
            assertThat(score.tokenLogprobs().get(i))
                    .isCloseTo(logprob(logits, 2 + i, continuation[i]), within(1e-4));
        }
        assertThat(score.sumLogprob())
                .isEqualTo(score.tokenLogprobs().stream().mapToDouble(p -> p).sum());
        assertThat(score.isGreedy()).isFalse();
    }

    /** Logits of a whole text at once, one row per token. */
    private static Tensor logits(int... ids) {
        CausalLm model = Models.open(random);
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        Tensor hidden = model.forward(pass, TokenBatch.packed(List.of(ids)), null).hidden();
        return model.head().forward(pass, hidden).y();
    }

    private static double logprob(Tensor logits, int row, int token) {
        double sum = 0;
        for (int c = 0; c < logits.cols(); c++) {
            sum += Math.exp(logits.get(row, c) - logits.get(row, token));
        }
        return -Math.log(sum);
    }

    @Test
    void greedyMeansThatEveryTokenWasTheMostProbable() {
        ModelScorer scorer = ModelScorer.open(chains);
        assertThat(scorer.score("ab", "cd").isGreedy()).isTrue();
        assertThat(scorer.score("ab", "cd").sumLogprob()).isCloseTo(0, within(0.001));
        assertThat(scorer.score("ab", "ce").isGreedy()).isFalse();
        assertThat(scorer.score("ab", "dc").isGreedy()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"where is, \" the cat?\"", "\"where is \", the", "é, 🐄"})
    void textsAndTheirTokensScoreTheSame(String context, String continuation) {
        ModelScorer scorer = ModelScorer.open(random);
        Tokenizer tokenizer = Tokenizer.load(random);
        // White space at the context's end is the continuation's.
        int[] whole = tokenizer.encode(context + continuation);
        int[] before = tokenizer.encode(context.stripTrailing());
        Score ofTokens =
                scorer.score(before, Arrays.copyOfRange(whole, before.length, whole.length));
        assertThat(scorer.score(context, continuation)).isEqualTo(ofTokens);
        assertThat(ofTokens.tokens()).hasSize(whole.length - Math.max(1, before.length));
    }

    @Test
    void withoutContextTheEndOfTextStandsForItWhereNoTokenBeginsOne() {
        ModelScorer scorer = ModelScorer.open(random);
        int[] end = {TinyBases.END};
        int[] text = Tokenizer.load(random).encode("the cat");
        assertThat(scorer.score("", "the cat")).isEqualTo(scorer.score(end, text));
        assertThat(scorer.score("", "the cat").tokens()).hasSize(text.length);
        int[] spaced = Tokenizer.load(random).encode("  the cat");
        assertThat(scorer.score("  ", "the cat")).isEqualTo(scorer.score(end, spaced));
    }

    @Test
    void theTokenThatBeginsATextComesFirst(@TempDir Path copy) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(random.resolve(name), copy.resolve(name));
        }
        Files.writeString(copy.resolve("tokenizer_config.json"), "{\"bos_token\": \"a\"}");
        Tokenizer tokenizer = Tokenizer.load(copy);
        assertThat(ModelScorer.open(copy).score("", "the cat"))
                .isEqualTo(
                        ModelScorer.open(random)
                                .score(tokenizer.encode("a"), tokenizer.encode("the cat")));
    }

    @Test
    void ofTokensWithoutContextTheFirstStandsForIt() {
        ModelScorer scorer = ModelScorer.open(random);
        assertThat(scorer.score(new int[0], new int[] {9, 8, 7}))
                .isEqualTo(scorer.score(new int[] {9}, new int[] {8, 7}));
        Score nothing = new Score(List.of(), List.of(), true);
        assertThat(scorer.score(new int[0], new int[] {9})).isEqualTo(nothing);
        assertThat(nothing.sumLogprob()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"257, 1", "1, 257", "-1, 1", "1, -1"})
    void idsOutsideTheVocabularyAreRefused(int context, int continuation) {
        int wrong = context == 1 ? continuation : context;
        assertThatThrownBy(() ->
                        ModelScorer.open(random)
                                .score(new int[] {context}, new int[] {continuation}))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        random
                                + ": token id "
                                + wrong
                                + " is outside the model's vocabulary; expected 0 to 256");
    }

    @Test
    void anIdOutsideTheVocabularyIsRefusedEvenWhereNothingIsScored() {
        assertThatThrownBy(() -> ModelScorer.open(random).score(new int[0], new int[] {999}))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("token id 999 is outside");
    }

    @Test
    void nothingToScoreIsRefused() {
        ModelScorer scorer = ModelScorer.open(random);
        for (int[] context : List.of(new int[0], new int[] {1})) {
            assertThatThrownBy(() -> scorer.score(context, new int[0]))
                    .isInstanceOf(CairnException.class)
                    .hasMessage("continuation: expected at least one token, found none");
        }
        assertThatThrownBy(() -> scorer.score("a", ""))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected text to score, found none");
    }

    @Test
    void aContextLongerThanTheWindowLosesItsBeginning() {
        ModelScorer scorer = ModelScorer.open(random);
        int[] last = new int[TinyBases.WINDOW];
        int[] longer = new int[TinyBases.WINDOW + 10];
        Arrays.setAll(last, i -> 20 + i % 50);
        System.arraycopy(last, 0, longer, 10, last.length);
        int[] continuation = {3};
        Score cut = scorer.score(longer, continuation);
        Score whole = scorer.score(last, continuation);
        assertThat(cut.tokenLogprobs()).isEqualTo(whole.tokenLogprobs());
        assertThat(cut.truncatedTokens()).isEqualTo(10);
        assertThat(whole.truncatedTokens()).isZero();
        // Two tokens need one more place: the last is never read.
        assertThat(scorer.score(last, new int[] {3, 4}).truncatedTokens()).isEqualTo(1);
        assertThatThrownBy(() -> scorer.score(continuation, longer))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("at most " + TinyBases.WINDOW);
    }

    @Test
    void tokensAreScoredWithoutATokenizer(@TempDir Path copy) throws IOException {
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(random.resolve(name), copy.resolve(name));
        }
        ModelScorer scorer = ModelScorer.open(copy);
        assertThat(scorer.score(new int[] {1}, new int[] {2}))
                .isEqualTo(ModelScorer.open(random).score(new int[] {1}, new int[] {2}));
        assertThatThrownBy(() -> scorer.score("a", "b"))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(copy.resolve("tokenizer.json") + ": no such file");
    }
}
