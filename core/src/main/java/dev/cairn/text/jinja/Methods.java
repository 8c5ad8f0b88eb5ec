package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the methods of values. */
final class Methods {
    /**
     * Python's methods of lists and tuples; calling one is an error that says it is not supported.
     */
    private static final Set<String> OF_LISTS =
            Set.of(
                    "append", "clear", "copy", "count", "extend", "insert", "pop", "remove",
                    "reverse", "sort");

    private final TextMethods texts;
    private final DictMethods dicts;
    private final Comparisons comparisons;

    Methods(Budget budget) {
        this.texts = new TextMethods(budget);
        this.dicts = new DictMethods(budget);
        this.comparisons = new Comparisons(budget);
    }

    /** The method of a value, or null if its type has no method of that name. */
    @Nullable Function find(Object value, String name) {
        return switch (value) {
            case String s -> texts.find(s, name);
            case List<?> list when name.equals("index") ->
                    args -> index(list, args.only("value").get(0, "value"));
            case List<?> list when OF_LISTS.contains(name) ->
                    Function.unsupported("%s.%s()".formatted(Values.type(list), name));
            case Map<?, ?> map -> dicts.find(map, name);
            default -> null;
        };
    }

    private long index(List<?> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (comparisons.areEqual(list.get(i), wanted)) {
                return i;
            }
        }
        throw new Fault("index(): no such item in a list of length " + list.size());
    }
}
