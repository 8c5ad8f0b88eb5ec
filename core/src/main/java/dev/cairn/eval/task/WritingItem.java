package dev.cairn.eval.task;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An item whose answer is generated greedily and then compared.
 *
 * @param prompt the prompt, including few-shot examples
 * @param until stop strings, which end the answer and are not part of it; may be empty
 * @param maxTokens maximum number of tokens of the answer
 * @param gold correct answers, as in the record; at least one
 */
public record WritingItem(
        String id,
        int docId,
        String kind,
        JsonNode doc,
        String prompt,
        List<String> until,
        int maxTokens,
        List<String> gold)
        implements TaskItem {
    public WritingItem {
        until = List.copyOf(until);
        gold = List.copyOf(gold);
    }
}
