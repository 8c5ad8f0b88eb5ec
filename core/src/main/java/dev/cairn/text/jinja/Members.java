package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code object.name}, {@code object[key]} and {@code object[a:b:c]}. */
final class Members {
    private final Methods methods;
    private final Items items;
    private final Texts texts;

    Members(Budget budget) {
        this.methods = new Methods(budget);
        this.items = new Items(budget);
        this.texts = new Texts(budget);
    }

    /** The method of that name; if there is none, the item. */
    Object attribute(Object object, String name) {
        if (name.startsWith("_")) {
            throw new Fault("attributes that begin with '_' are not accessible: " + name);
        }
        Function method = methods.find(object, name);
        return method != null ? method : item(object, name);
    }

    /** The item; if there is none, the method: {@code message['items']}. */
    Object subscript(Object object, Object key) {
        Object item = item(object, key);
        if (item instanceof Undefined && key instanceof String name && !name.startsWith("_")) {
            Function method = methods.find(object, name);
            return method != null ? method : item;
        }
        return item;
    }

    static Object item(Object object, Object key) {
        Object item =
                switch (object) {
                    case Undefined undefined -> throw undefined.fault();
                    case Map<?, ?> map when Values.isKey(key) -> map.get(key);
                    case List<?> list when isIndex(key) -> at(list, index(key));
                    case String s when isIndex(key) -> at(s, index(key));
                    case Namespace namespace when key instanceof String name -> namespace.get(name);
                    case Loop loop when key instanceof String name -> loop.member(name);
                    case Safe safe -> throw Safe.used();
                    default -> null;
                };
        return item == null ? new Undefined(describe(object, key)) : item;
    }

    /**
     * A function that reads an attribute of an item, nested ones as {@code a.b}; none gives the
     * item itself.
     */
    static UnaryOperator<Object> path(Object attribute, Object otherwise) {
        if (attribute == None.NONE) {
            return item -> item;
        }
        String path = Values.text(attribute, "attribute");
        return item -> {
            Object found = item;
            for (String name : path.split("\\.", -1)) {
                found = item(found, name.matches("\\d{1,9}") ? Long.valueOf(name) : name);
            }
            return found instanceof Undefined && otherwise != None.NONE ? otherwise : found;
        };
    }

    private static boolean isIndex(Object key) {
        return key instanceof Long || key instanceof Boolean;
    }

    private static long index(Object key) {
        return Values.integer(key, "an index");
    }

    private static String describe(Object object, Object key) {
        String shown =
                switch (key) {
                    case String s -> "'" + s + "'";
                    case Long n -> n.toString();
                    default -> "of type " + Values.type(key);
                };
        return "item %s of a %s".formatted(shown, Values.type(object));
    }

    private static @Nullable Object at(List<?> list, long index) {
        long i = index < 0 ? index + list.size() : index;
        return i < 0 || i >= list.size() ? null : list.get((int) i);
    }

    private static @Nullable Object at(String s, long index) {
        int[] characters = s.codePoints().toArray();
        long i = index < 0 ? index + characters.length : index;
        return i < 0 || i >= characters.length ? null : Character.toString(characters[(int) i]);
    }

    Object slice(
            Object object, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
        if (!(object instanceof String) && !(object instanceof List<?>)) {
            if (object instanceof Undefined undefined) {
                throw undefined.fault();
            }
            throw new Fault(Values.type(object) + " cannot be sliced");
        }
        List<Object> all = items.of(object);
        List<Object> chosen = new ArrayList<>();
        long by = step == null || step == None.NONE ? 1 : Values.integer(step, "a slice");
        if (by == 0) {
            throw new Fault("the step of a slice is 0");
        }
        long low = by > 0 ? 0 : -1;
        long high = by > 0 ? all.size() : all.size() - 1;
        long from = bound(start, all.size(), low, high, by > 0 ? low : high);
        long to = bound(stop, all.size(), low, high, by > 0 ? high : low);
        long stride = Math.clamp(by, -(all.size() + 1L), all.size() + 1L);
        for (long i = from; by > 0 ? i < to : i > to; i += stride) {
            chosen.add(all.get((int) i));
        }
        if (object instanceof String) {
            return texts.join("", chosen);
        }
        return object instanceof Tuple ? new Tuple(chosen) : chosen;
    }

    private static long bound(
            @Nullable Object bound, int size, long low, long high, long otherwise) {
        if (bound == null || bound == None.NONE) {
            return otherwise;
        }
        long value = Values.integer(bound, "a slice");
        return Math.clamp(value < 0 ? value + size : value, low, high);
    }
}
