package dev.cairn.support;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cairn.CairnException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks the keys of a YAML file against the components of a record. */
final class YamlKeys {
    private static final int MAX_SHOWN = 100;

    private final YamlFile file;

    YamlKeys(YamlFile file) {
        this.file = file;
    }

    /** Rejects unknown keys and reports missing ones, in nested records too. */
    void check(String where, ObjectNode keys, Class<?> type) {
        List<RecordComponent> components = components(type).toList();
        List<String> known = components.stream().map(c -> snakeCase(c.getName())).toList();
        for (String key : keys.propertyNames()) {
            if (!known.contains(key)) {
                throw file.error(child(where, key), "unknown key; " + suggestion(key, known));
            }
        }
        for (RecordComponent component : components) {
            String key = snakeCase(component.getName());
            checkComponent(child(where, key), keys.path(key), component);
        }
    }

    /** A record's components, with unwrapped ones replaced by their own components. */
    private static Stream<RecordComponent> components(Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .flatMap(component ->
                        component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                                ? components(component.getType())
                                : Stream.of(component));
    }

    private void checkComponent(String where, JsonNode value, RecordComponent component) {
        if (value.isMissingNode() || value.isNull()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw expected(where, component.getType(), value);
            }
        } else if (value instanceof ArrayNode items
                && component.getGenericType() instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] instanceof Class<?> type) {
            for (int i = 0; i < items.size(); i++) {
                checkItem(where + "[" + i + "]", items.get(i), type);
            }
        } else {
            checkNested(where, value, component.getType());
        }
    }

    private void checkItem(String where, JsonNode item, Class<?> type) {
        if (item.isNull()) {
            throw expected(where, type, item);
        }
        checkNested(where, item, type);
    }

    private void checkNested(String where, JsonNode value, Class<?> type) {
        if (value instanceof ObjectNode keys && type.isRecord()) {
            check(where, keys, type);
        }
    }

    private CairnException expected(String where, Class<?> type, JsonNode found) {
        String expected = "expected " + kind(type);
        return file.error(
                where, found.isNull() ? expected + ", found nothing" : "missing; " + expected);
    }

    /** The kind of value a type expects, for error messages. */
    static String kind(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "String" -> "a string";
            case "JsonNode" -> "a value";
            default -> "keys and values";
        };
    }

    /** A value for an error message: on one line, cut off when it is long. */
    static String shown(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "nothing";
        }
        String json = value.toString();
        return json.length() <= MAX_SHOWN ? json : json.substring(0, MAX_SHOWN) + "...";
    }

    /** The path of a key below another; the path of the file itself is empty. */
    static String child(String where, String key) {
        String name = key.isEmpty() ? "''" : key;
        return where.isEmpty() ? name : where + "." + name;
    }

    private static String snakeCase(String name) {
        StringBuilder words = new StringBuilder();
        for (char letter : name.toCharArray()) {
            if (Character.isUpperCase(letter)) {
                words.append('_');
            }
            words.append(Character.toLowerCase(letter));
        }
        return words.toString();
    }

    private static String suggestion(String key, List<String> known) {
        Comparator<String> byDistance = Comparator.comparingInt(one -> distance(key, one));
        String meant =
                known.stream()
                        .min(byDistance)
                        .filter(one -> distance(key, one) <= key.length() / 2)
                        .map(one -> "did you mean " + one + "? ")
                        .orElse("");
        return meant + "known here: " + String.join(", ", known);
    }

    /** The number of edits that turn one word into another (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
