package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.PyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The elements of texts, lists and dicts. */
final class Items {
    private final Budget budget;

    Items(Budget budget) {
        this.budget = budget;
    }

    /** The elements that a loop visits. */
    List<Object> of(Object value) {
        List<Object> items =
                switch (value) {
                    case String s -> {
                        budget.elements(s.length());
                        yield PyText.characters(s);
                    }
                    case List<?> list -> new ArrayList<>(list);
                    case Map<?, ?> map -> new ArrayList<>(map.keySet());
                    case Undefined undefined -> new ArrayList<>();
                    default -> throw new Fault(Values.type(value) + " cannot be iterated over");
                };
        budget.elements(items.size());
        return items;
    }

    long length(Object value) {
        return switch (value) {
            case String s -> {
                budget.work(s.length());
                yield PyText.length(s);
            }
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            default -> throw new Fault(Values.type(value) + " has no length");
        };
    }

    /** {@code dict.items()}. */
    List<Object> pairs(Map<?, ?> map) {
        budget.elements(2L * map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    /** The pairs of a value that must be a dict; none if it is undefined. */
    List<Object> entries(Object value) {
        return switch (value) {
            case Map<?, ?> map -> pairs(map);
            case Undefined undefined -> new ArrayList<>();
            default -> throw new Fault("items expects a dict, found " + Values.type(value));
        };
    }
}
