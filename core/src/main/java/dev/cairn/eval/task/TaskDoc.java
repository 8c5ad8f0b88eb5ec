package dev.cairn.eval.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record in the form that templates see.
 *
 * @param part the text that {@code *} in the file's name matches; empty without a {@code *}
 * @param values its fields and {@code part}; JSON values as Java objects
 */
record TaskDoc(TaskRecord record, String part, Map<String, @Nullable Object> values) {
    static TaskDoc of(TaskRecord record, String part) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        record.doc().properties().forEach(e -> values.put(e.getKey(), plain(e.getValue())));
        if (!part.isEmpty() && values.put("part", part) != null) {
            throw record.error(
                    "its field 'part' hides the part of the file's name that * matches; rename the field");
        }
        return new TaskDoc(record, part, values);
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(item -> list.add(plain(item)));
            return list;
        }
        if (node.isString()) {
            return node.asString();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return number(node);
        }
        return null;
    }

    private static Object number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong()
                ? (Object) node.longValue()
                : (Object) node.doubleValue();
    }
}
