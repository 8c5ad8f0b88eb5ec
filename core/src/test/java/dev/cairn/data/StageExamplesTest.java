package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.text.template.Template;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageExamplesTest {
    private static final int END = 0;
    private static final int ANY_LENGTH = 1000;

    /** Of bytes, so that a text has as many tokens as letters. */
    private static Tokenizer tokenizer;

    private static final Question QUESTION =
            new Question("q1", "where", "The cat ran.", "away", Map.of("focus", "cat"));

    @BeforeAll
    static void makeTokenizer(@TempDir Path directory) {
        BpeTrainer.of(257, List.of(BpeTrainer.END_OF_TEXT)).train().writeTo(directory);
        tokenizer = Tokenizer.load(directory);
    }

    @Test
    void anExampleIsPromptThenTargetThenTheEndOfText() {
        TokenExample example = example("{{input}}\n{{focus}}:", " {{answer}}", ANY_LENGTH, false);
        assertThat(example.ids()).isEqualTo(withEnd("The cat ran.\ncat: away"));
        assertThat(example.firstTarget()).isEqualTo("The cat ran.\ncat:".length());
        assertThat(example.targets()).isEqualTo(" away".length() + 1);
    }

    @Test
    void onInputsThePromptIsLearntTooButNotItsFirstTokenWhichNothingPredicts() {
        TokenExample example = example("{{input}}:", " {{focus}}", ANY_LENGTH, true);
        assertThat(example.ids()).isEqualTo(withEnd("The cat ran.: cat"));
        assertThat(example.firstTarget()).isEqualTo(1);
    }

    @Test
    void theAnswerIsTheQuestionsEvenWhereAStageHasItsName() {
        Question question = new Question("q", "k", "in", "gold", Map.of("answer", "other"));
        StageExamples examples = examples("{{input}}", "{{answer}}", ANY_LENGTH, false);
        assertThat(examples.of(List.of(question), Map.of()).examples().getFirst().ids())
                .isEqualTo(withEnd("ingold"));
    }

    @Test
    void aPromptThatIsTooLongLosesItsBeginning() {
        StageExamples.Result result =
                examples("{{input}}:", " {{focus}}", 10, false)
                        .of(
                                List.of(
                                        QUESTION,
                                        new Question("q2", "k", "Hi", "x", QUESTION.stages())),
                                Map.of());
        assertThat(result.truncated()).isEqualTo(1);
        TokenExample cut = result.examples().getFirst();
        assertThat(cut.ids()).hasSize(10).isEqualTo(withEnd("ran.: cat"));
        assertThat(cut.firstTarget()).isEqualTo("ran.:".length());
        assertThat(result.examples().getLast().ids()).isEqualTo(withEnd("Hi: cat"));
    }

    @Test
    void aTargetMayLeaveOneTokenForThePromptAndNoFewer() {
        assertThat(example("{{input}}:", " {{focus}}", 6, false).ids()).isEqualTo(withEnd(": cat"));
        assertThatThrownBy(() -> example("{{input}}:", " {{focus}}", 5, false))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "question q1: its target has 4 tokens; expected at most 3, raise"
                                + " sequence_len");
    }

    @Test
    void aMissingGoldTextNamesTheQuestionTheTemplateAndTheVariable() {
        assertThatThrownBy(() -> example("{{input}}:", " {{facts}}", ANY_LENGTH, false))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "question q1: stack.yaml: target: unknown variable {{facts}}; known here:"
                                + " answer, focus, input");
    }

    @Test
    void whatEarlierStagesWroteStandsInThePromptAndGoldInTheTarget() {
        StageExamples examples = examples("{{input}}{{focus}}:", "{{focus}}", ANY_LENGTH, false);
        Question other = new Question("q2", "k", "Hi ", "x", QUESTION.stages());
        assertThat(
                        examples.of(List.of(QUESTION, other), Map.of("q2", Map.of("focus", "dog")))
                                .examples())
                .extracting(TokenExample::ids)
                .containsExactly(withEnd("The cat ran.cat:cat"), withEnd("Hi dog:cat"));
    }

    /** A stage called answer may have written something else than the gold answer. */
    @Test
    void whatAStageNamedAnswerWroteIsNotReplacedByTheGoldAnswer() {
        assertThat(
                        examples("{{answer}}:", "{{answer}}", ANY_LENGTH, false)
                                .of(List.of(QUESTION), Map.of("q1", Map.of("answer", "here")))
                                .examples()
                                .getFirst()
                                .ids())
                .isEqualTo(withEnd("here:away"));
    }

    @Test
    void anEmptyPromptIsRefused() {
        Question question = new Question("q3", "k", "", "x", Map.of());
        StageExamples examples = examples("{{input}}", "{{answer}}", ANY_LENGTH, false);
        assertThatThrownBy(() -> examples.of(List.of(question), Map.of()))
                .isInstanceOf(CairnException.class)
                .hasMessage("question q3: its prompt is empty; expected at least one token");
    }

    private static TokenExample example(
            String prompt, String target, int sequenceLen, boolean onInputs) {
        return examples(prompt, target, sequenceLen, onInputs)
                .of(List.of(QUESTION), Map.of())
                .examples()
                .getFirst();
    }

    private static StageExamples examples(
            String prompt, String target, int sequenceLen, boolean onInputs) {
        return new StageExamples(
                tokenizer,
                END,
                Template.parse(prompt, "stack.yaml: prompt")::render,
                Template.parse(target, "stack.yaml: target"),
                sequenceLen,
                onInputs);
    }

    private static int[] withEnd(String text) {
        return IntStream.concat(IntStream.of(tokenizer.encode(text)), IntStream.of(END)).toArray();
    }
}
