package dev.cairn.eval.task;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A multiple-choice item.
 *
 * @param candidates two or more, in the record's order
 * @param gold indices of the correct candidates, from 0; at least one
 */
public record ChoiceItem(
        String id,
        int docId,
        String kind,
        JsonNode doc,
        List<Candidate> candidates,
        Set<Integer> gold)
        implements TaskItem {
    public ChoiceItem {
        candidates = List.copyOf(candidates);
        gold = Set.copyOf(gold);
    }
}
