package dev.cairn.data.distill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.text.Answer;
import dev.cairn.text.Contract;
import dev.cairn.text.template.Template;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A teacher's thoughts are never what a stage learns. */
class ThoughtsTest {
    private static final DistillationTask TASK =
            new DistillationTask(
                    "answer",
                    Template.parse("{{input}}", "stack.yaml: teach"),
                    new Contract(null, null, List.of("Paris"), null, 0),
                    20);

    /** The contract allows "Paris" alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    Paris
                    <think>~hm~</think>~~Paris
                    ~ <think></think>Paris
                    <THINK>hm</THINK>Paris
                    <thinking>hm</thinking>Paris
                    <thought>hm</thought>Paris
                    <seed:think>hm</seed:think>Paris
                    <think type="long">hm</think>Paris
                    hm~</think>~Paris
                    <think>a</think><think>b</think>Paris
                    [THINK]hm[/THINK]Paris
                    <|START_THINKING|>hm<|END_THINKING|>Paris
                    <|begin_of_thought|>hm<|end_of_thought|>Paris
                    <|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Paris
                    """)
    void thoughtsBeforeTheAnswerAreCutOff(String text) {
        Outcome.Reply reply = reply(text, false);
        assertThat(Verdict.against(reply, TASK, "q", t -> 1)).isEmpty();
        assertThat(reply.text().strip()).isEqualTo("Paris");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            textBlock =
                    """
                    <think>~hm               | true  | a thought without an end at the teacher's max_tokens; raise max_tokens or let it think less
                    <think>~hm               | false | a thought in the middle of the text, or without an end
                    Paris <think>hm</think>  | false | a thought in the middle of the text, or without an end
                    Paris <think>hm          | false | a thought in the middle of the text, or without an end
                    <think>hm</think>        | true  | empty at the teacher's max_tokens, as when a model thinks first; raise max_tokens or let it think less
                    ''                       | true  | empty at the teacher's max_tokens, as when a model thinks first; raise max_tokens or let it think less
                    ''                       | false | empty
                    <think>hm</think>Par     | true  | cut off at the teacher's max_tokens
                    I think so               | false | not one of the list
                    """)
    void othersAreRejectedWithTheReason(String text, boolean wasCut, String reason) {
        assertThat(Verdict.against(reply(text, wasCut), TASK, "q", t -> 1)).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aLongThoughtLeavesRoomForTheAnswer(boolean isLong) {
        String thought = "<think>" + "hm ".repeat(isLong ? 20_000 : 1) + "</think>Paris";
        Outcome.Reply reply = Outcome.Reply.of(new Answer(thought, List.of()));
        assertThat(Verdict.against(reply, TASK, "q", t -> 1)).isEmpty();
    }

    private static Outcome.Reply reply(String text, boolean wasCut) {
        String written = text.replace('~', '\n');
        return new Outcome.Reply(written, written.length(), wasCut, 1, 1);
    }
}
