package dev.cairn.eval;

import dev.cairn.CairnException;
import java.util.List;

/**
 * A named set of questions, never empty.
 *
 * @param name its name in reports
 */
public record ItemSet(String name, List<Item> items) {
    /**
     * @throws CairnException if there are no items, because an accuracy over nothing is meaningless
     */
    public ItemSet {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new CairnException(
                    "question set '%s': expected at least one question, found none; check the data file"
                            .formatted(name));
        }
    }

    /**
     * The first questions only.
     *
     * @param limit maximum number of questions, at least 1
     * @throws CairnException when the limit is below 1
     */
    public ItemSet first(int limit) {
        if (limit < 1) {
            throw new CairnException("limit: expected 1 or more questions, found " + limit);
        }
        return new ItemSet(name, items.subList(0, Math.min(limit, items.size())));
    }
}
