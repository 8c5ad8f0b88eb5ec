package dev.cairn;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds the keys of a YAML file against the components of a record. */
final class YamlKeys {
    private final YamlFile file;

    YamlKeys(YamlFile file) {
        this.file = file;
    }

    /**
     * Refuses keys the record does not have and asks for those it must have, in nested records too.
     */
    void check(String where, ObjectNode keys, Class<?> type) {
        List<String> known =
                Stream.of(type.getRecordComponents()).map(c -> snakeCase(c.getName())).toList();
        for (String key : keys.propertyNames()) {
            if (!known.contains(key)) {
                throw file.error(
                        child(where, key),
                        "unknown key; did you mean %s? Known here: %s"
                                .formatted(nearest(key, known), String.join(", ", known)));
            }
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String key = snakeCase(component.getName());
            JsonNode value = keys.get(key);
            if (value != null && !value.isNull()) {
                checkValue(child(where, key), value, component);
            } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw file.error(child(where, key), "missing; it must be given");
            }
        }
    }

    private void checkValue(String where, JsonNode value, RecordComponent component) {
        if (value instanceof ObjectNode keys && component.getType().isRecord()) {
            check(where, keys, component.getType());
        }
        if (value instanceof ArrayNode items
                && component.getGenericType() instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] instanceof Class<?> type
                && type.isRecord()) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof ObjectNode keys) {
                    check(where + "[" + i + "]", keys, type);
                }
            }
        }
    }

    private static String child(String where, String key) {
        return where.isEmpty() ? key : where + "." + key;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String nearest(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    /** Edits that turn one word into another (Levenshtein 1966). */
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
