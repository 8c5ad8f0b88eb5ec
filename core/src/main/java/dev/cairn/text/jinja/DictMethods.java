package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.None;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of dicts that do not modify them. */
final class DictMethods {
    /** Python's other methods; calling one is an error that says it is not supported. */
    private static final Set<String> OTHERS =
            Set.of("clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update");

    private final Items items;

    DictMethods(Budget budget) {
        this.items = new Items(budget);
    }

    @Nullable Function find(Map<?, ?> map, String name) {
        if (OTHERS.contains(name)) {
            return Function.unsupported("dict." + name + "()");
        }
        return switch (name) {
            case "get" -> args -> get(map, args.only("key", "default"));
            case "items" -> args -> args.plain(items.pairs(map));
            case "keys" -> args -> args.plain(items.of(map));
            case "values" -> args -> args.plain(items.of(new ArrayList<Object>(map.values())));
            default -> null;
        };
    }

    private static Object get(Map<?, ?> map, Args args) {
        Object key = args.get(0, "key");
        Object value = Values.isKey(key) ? map.get(key) : null;
        return value == null ? args.get(1, "default", None.NONE) : value;
    }
}
