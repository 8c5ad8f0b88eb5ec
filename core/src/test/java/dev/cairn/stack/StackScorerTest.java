package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.engine.ModelScorer;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.Score;
import dev.cairn.text.StageTrace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choices scored by stacks whose stages know chains of characters by heart. */
class StackScorerTest {
    private static final String STAGES =
            """
            - {name: first, prompt: "{{input}}#", adapter: none}
            - {name: second, prompt: "{{input}}{{first}}@", adapter: none}
            """;

    @TempDir static Path folder;

    @BeforeAll
    static void writeBase() {
        TinyBases.chains(folder.resolve("base"), "#cat", "@dog");
    }

    private static StackScorer scorer() {
        return StackScorer.of(Stacks.open(folder, STAGES));
    }

    @Test
    void theLastStagesPromptIsTheContext() {
        Loglikelihood likelihoods = scorer().loglikelihood("hi", List.of("dog", "cat", " dog"));
        ModelScorer model = ModelScorer.open(folder.resolve("base"));
        assertThat(likelihoods.scores())
                .isEqualTo(model.scores("hicat@", List.of("dog", "cat", " dog")));
        assertThat(likelihoods.scores())
                .extracting(Score::isGreedy)
                .containsExactly(true, false, false);
        assertThat(likelihoods.promptTokens()).isEqualTo("hicat@".length());
        assertThat(likelihoods.truncatedTokens()).isZero();
    }

    @Test
    void theStagesBeforeWriteOnceAndSeeNoChoice() {
        Loglikelihood likelihoods = scorer().loglikelihood("hi", List.of("dog", "cat"));
        assertThat(likelihoods.stages())
                .extracting(StageTrace::stage, StageTrace::prompt, StageTrace::output)
                .containsExactly(tuple("first", "hi#", "cat"));
    }

    @Test
    void severalThreadsGetTheSameScores() {
        StackScorer scorer = scorer();
        List<Score> alone = scorer.scores("hi", List.of("dog", "cat"));
        assertThat(
                        IntStream.range(0, 32)
                                .parallel()
                                .mapToObj(i -> scorer.scores("hi", List.of("dog", "cat"))))
                .allMatch(alone::equals);
    }

    @Test
    void whatDoesNotFitTheWindowIsCutFromTheBeginningAndCounted() {
        int room = TinyBases.WINDOW + 1 - "dog".length();
        String input = "x".repeat(60);
        // The first stage keeps 64 - 8 tokens of its prompt, the second reads 60 + 3 + 1.
        Loglikelihood likelihoods = scorer().loglikelihood(input, List.of("d", "dog"));
        assertThat(likelihoods.promptTokens()).isEqualTo(60 + 3 + 1);
        assertThat(likelihoods.truncatedTokens()).isEqualTo(60 + 3 + 1 - room);
        assertThat(likelihoods.stages().getFirst().tokens().truncated()).isEqualTo(60 + 1 - 56);
    }

    @Test
    void aPlainModelReadsTheInputAsItIs() {
        ModelFinder.Found base = new ModelFinder.Found(folder.resolve("base"), null);
        Stack plain =
                Stack.open(
                        PlainModel.ofText(
                                base,
                                null,
                                new DecodingConfig(8, SamplingParams.GREEDY, List.of())),
                        folder);
        Loglikelihood likelihoods = StackScorer.of(plain).loglikelihood("@", List.of("dog"));
        assertThat(likelihoods.stages()).isEmpty();
        assertThat(likelihoods.scores().getFirst().isGreedy()).isTrue();
        assertThat(plain.writing(2, List.of()).answer("@").text()).isEqualTo("do");
        assertThat(plain.writing(8, List.of("g")).answer("@").text()).isEqualTo("do");
        assertThatThrownBy(() -> plain.writing(TinyBases.WINDOW, List.of()))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "base: the requested answer of 64 tokens leaves no room for a prompt in the context window of 64");
    }
}
