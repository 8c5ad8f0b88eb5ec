package dev.cairn.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of values. */
final class Methods {
    /** Python's methods of lists and tuples: calling one is an error that says so. */
    private static final Set<String> OF_LISTS =
            Set.of(
                    "append", "clear", "copy", "count", "extend", "index", "insert", "pop",
                    "remove", "reverse", "sort");

    private final TextMethods texts;
    private final DictMethods dicts;

    Methods(Budget budget) {
        this.texts = new TextMethods(budget);
        this.dicts = new DictMethods(budget);
    }

    /** The method of a value, or null when its type has none of that name. */
    @Nullable Function find(Object value, String name) {
        return switch (value) {
            case String s -> texts.find(s, name);
            case List<?> list when OF_LISTS.contains(name) ->
                    Function.unsupported("%s.%s()".formatted(Values.type(list), name));
            case Map<?, ?> map -> dicts.find(map, name);
            default -> null;
        };
    }
}
