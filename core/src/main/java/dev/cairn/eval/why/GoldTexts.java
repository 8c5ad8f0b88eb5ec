package dev.cairn.eval.why;

import dev.cairn.CairnException;
import dev.cairn.eval.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stages should have written.
 *
 * @param byItem text by stage, by id of the question
 */
public record GoldTexts(Map<String, Map<String, String>> byItem) {
    public GoldTexts {
        byItem = Map.copyOf(byItem);
    }

    /**
     * The text of every stage for one question. That of the last stage is the answer the question
     * is scored against, so that a stage's share of right texts means the same as exact match.
     *
     * @throws CairnException naming question and stage when a text is missing
     */
    Map<String, String> of(Item item, List<String> stages) {
        Map<String, String> known = byItem.getOrDefault(item.id(), Map.of());
        Map<String, String> texts = new HashMap<>();
        for (String stage : stages.subList(0, stages.size() - 1)) {
            String text = known.get(stage);
            if (text == null) {
                throw new CairnException(
                        "question %s has no gold text for stage %s".formatted(item.id(), stage));
            }
            texts.put(stage, text);
        }
        texts.put(stages.getLast(), item.answer());
        return texts;
    }
}
