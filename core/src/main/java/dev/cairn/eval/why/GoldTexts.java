package dev.cairn.eval.why;

import dev.cairn.CairnException;
import dev.cairn.eval.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gold texts of the stages.
 *
 * @param byItem texts by question id and stage
 */
public record GoldTexts(Map<String, Map<String, String>> byItem) {
    public GoldTexts {
        byItem = Map.copyOf(byItem);
    }

    /**
     * The text of every stage for one question. The last stage's text is the gold answer, so a
     * stage's share of correct texts means the same as exact match.
     *
     * @throws CairnException if a text is missing; the message names question and stage
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
