package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.text.template.PromptRenderer;
import dev.cairn.text.template.Template;
import dev.cairn.text.tokenizer.Continuation;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one stage's training examples from questions: the rendered prompt, the gold text, the end
 * of text. The prompt shows earlier stages' texts: gold ones, or what these stages actually wrote.
 *
 * @param tokenizer of the base
 * @param endToken token the stage learns to end with
 * @param prompt may use {@code input} and the texts of earlier stages
 * @param target may use {@code input}, {@code answer} and the gold text of any stage
 * @param sequenceLen maximum tokens of an example; a longer prompt loses its beginning, as it does
 *     at inference
 * @param onInputs whether the prompt is learnt too
 */
public record StageExamples(
        Tokenizer tokenizer,
        int endToken,
        PromptRenderer prompt,
        Template target,
        int sequenceLen,
        boolean onInputs) {

    /**
     * The examples of a list of questions.
     *
     * @param truncated how many of them lost the beginning of their prompt
     */
    public record Result(List<TokenExample> examples, int truncated) {}

    /**
     * Renders and encodes the examples.
     *
     * @param written what the stages before this one actually wrote, by the question's id and the
     *     stage's name; the prompts of these questions show it instead of the gold texts. Targets
     *     always use gold texts.
     * @throws CairnException when a question lacks a text that a template uses, its prompt is
     *     empty, or its target alone is too long
     */
    public Result of(List<Question> questions, Map<String, Map<String, String>> written) {
        List<TokenExample> examples = new ArrayList<>();
        int truncated = 0;
        for (Question question : questions) {
            Map<String, String> gold = question.texts();
            Map<String, String> student = written.get(question.id());
            Map<String, String> shown = student == null ? gold : withInput(student, question);
            Continuation split = encode(shown, gold, question);
            int[] context = split.contextIds();
            int[] completion = split.continuationIds();
            int room = room(context, completion, question);
            if (context.length > room) {
                context = Arrays.copyOfRange(context, context.length - room, context.length);
                truncated++;
            }
            examples.add(example(context, completion));
        }
        return new Result(examples, truncated);
    }

    private static Map<String, String> withInput(Map<String, String> texts, Question question) {
        Map<String, String> all = new HashMap<>(texts);
        all.put("input", question.input());
        return all;
    }

    private Continuation encode(
            Map<String, String> shown, Map<String, String> gold, Question question) {
        try {
            return Continuation.learnt(
                    tokenizer,
                    prompt.render(shown),
                    prompt.addSpecialTokens(),
                    target.render(gold));
        } catch (CairnException e) {
            throw e.at("question " + question.id());
        }
    }

    /** The number of prompt tokens that fit beside the target and the end token. */
    private int room(int[] context, int[] completion, Question question) {
        if (context.length == 0) {
            throw new CairnException(
                    "question %s: its prompt is empty; expected at least one token"
                            .formatted(question.id()));
        }
        int room = sequenceLen - completion.length - 1;
        if (room < 1) {
            throw new CairnException(
                    "question %s: its target has %d tokens; expected at most %d, raise sequence_len"
                            .formatted(question.id(), completion.length, sequenceLen - 2));
        }
        return room;
    }

    private TokenExample example(int[] context, int[] completion) {
        int[] ids = Arrays.copyOf(context, context.length + completion.length + 1);
        System.arraycopy(completion, 0, ids, context.length, completion.length);
        ids[ids.length - 1] = endToken;
        return new TokenExample(ids, onInputs ? 1 : context.length);
    }
}
