package dev.cairn.eval.task;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An item whose answer is written, greedily, and then compared.
 *
 * @param prompt what the system is asked, few-shot examples included
 * @param until texts that end the answer and are no part of it; may be none
 * @param maxTokens how many tokens the answer may have
 * @param gold right answers, as the record has them; at least one
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
