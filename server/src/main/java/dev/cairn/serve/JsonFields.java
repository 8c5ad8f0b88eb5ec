package dev.cairn.serve;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an object of a request, read strictly: what is there must be of the type that is
 * expected, and within its bounds. A field that is {@code null} counts as left out, as it does
 * elsewhere.
 */
final class JsonFields {
    private final ObjectNode object;
    private final String path;

    private JsonFields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static JsonFields of(ObjectNode object) {
        return new JsonFields(object, "");
    }

    /** The object at a path, or an error that says what is there instead. */
    static JsonFields at(String path, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return new JsonFields(object, path + ".");
        }
        throw wrong(path, "an object", node);
    }

    static Problem wrong(String path, String expected, JsonNode found) {
        return Problem.badRequest(
                path, "%s: expected %s, found %s".formatted(path, expected, Found.in(found)));
    }

    /** The name of a field as errors give it. */
    String path(String name) {
        return path + name;
    }

    Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    @Nullable JsonNode node(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    JsonNode required(String name, String expected) {
        JsonNode node = node(name);
        if (node == null) {
            throw Problem.badRequest(
                    path(name), "%s is missing: expected %s".formatted(path(name), expected));
        }
        return node;
    }

    @Nullable JsonFields object(String name) {
        JsonNode node = node(name);
        return node == null ? null : at(path(name), node);
    }

    @Nullable String text(String name) {
        JsonNode node = node(name);
        return node == null ? null : string(path(name), node);
    }

    String requiredText(String name) {
        return string(path(name), required(name, "a string"));
    }

    boolean flag(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrong(path(name), "true or false", node);
        }
        return node.booleanValue();
    }

    @Nullable Integer whole(String name, int least, int most) {
        Long value = wholeLong(name, least, most);
        return value == null ? null : Math.toIntExact(value);
    }

    @Nullable Long wholeLong(String name, long least, long most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        return whole(path(name), node, least, most);
    }

    @Nullable Double number(String name, double least, double most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        // A number too large for a double reads as infinite, which is beyond every bound.
        if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
            throw wrong(path(name), "a number from %s to %s".formatted(least, most), node);
        }
        return node.doubleValue();
    }

    /** A list with at least one element, each with its path; {@code expected} says of what. */
    static List<Element> elements(String path, JsonNode node, String expected) {
        if (!node.isArray() || node.isEmpty()) {
            throw wrong(path, expected, node);
        }
        List<Element> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new Element(path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    record Element(String path, JsonNode node) {}

    static String string(String path, JsonNode node) {
        if (!node.isString()) {
            throw wrong(path, "a string", node);
        }
        String text = node.stringValue();
        if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw Problem.badRequest(
                    path, path + ": has half of a surrogate pair, which is no character");
        }
        return text;
    }

    static long whole(String path, JsonNode node, long least, long most) {
        // 5.0 is whole too: some languages know no other numbers.
        boolean whole = node.isNumber() && node.canConvertToLong() && isIntegral(node);
        if (!whole || node.longValue() < least || node.longValue() > most) {
            throw wrong(path, "a whole number from %d to %d".formatted(least, most), node);
        }
        return node.longValue();
    }

    private static boolean isIntegral(JsonNode node) {
        return node.isIntegralNumber()
                || node.decimalValue().remainder(BigDecimal.ONE).signum() == 0;
    }

    /** Refuses names that are not among those known: where nothing may be misunderstood. */
    void onlyThese(Collection<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                String field = path(Found.shortened(name));
                String there = String.join(", ", known.stream().sorted().toList());
                throw Problem.badRequest(
                        field,
                        "%s: no such field; there is%s"
                                .formatted(field, there.isEmpty() ? " none here" : ": " + there));
            }
        }
    }
}
