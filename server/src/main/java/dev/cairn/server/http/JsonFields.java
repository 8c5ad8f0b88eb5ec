package dev.cairn.server.http;

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
public final class JsonFields {
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
    public static JsonFields at(String path, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return new JsonFields(object, path + ".");
        }
        throw wrong(path, "an object", node);
    }

    static ApiException wrong(String path, String expected, JsonNode found) {
        return ApiException.badRequest(
                path, "%s: expected %s, found %s".formatted(path, expected, ErrorText.in(found)));
    }

    /** The name of a field as errors give it. */
    public String path(String name) {
        return path + name;
    }

    public Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    public @Nullable JsonNode node(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    public JsonNode required(String name, String expected) {
        JsonNode node = node(name);
        if (node == null) {
            throw ApiException.badRequest(
                    path(name), "%s is missing: expected %s".formatted(path(name), expected));
        }
        return node;
    }

    public @Nullable JsonFields object(String name) {
        JsonNode node = node(name);
        return node == null ? null : at(path(name), node);
    }

    public @Nullable String text(String name) {
        JsonNode node = node(name);
        return node == null ? null : string(path(name), node);
    }

    public String requiredText(String name) {
        return string(path(name), required(name, "a string"));
    }

    public boolean flag(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrong(path(name), "true or false", node);
        }
        return node.booleanValue();
    }

    public @Nullable Integer whole(String name, int least, int most) {
        Long value = wholeLong(name, least, most);
        return value == null ? null : Math.toIntExact(value);
    }

    public @Nullable Long wholeLong(String name, long least, long most) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        return whole(path(name), node, least, most);
    }

    public @Nullable Double number(String name, double least, double most) {
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
    public static List<Element> elements(String path, JsonNode node, String expected) {
        if (!node.isArray() || node.isEmpty()) {
            throw wrong(path, expected, node);
        }
        List<Element> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new Element(path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    public record Element(String path, JsonNode node) {}

    public static String string(String path, JsonNode node) {
        if (!node.isString()) {
            throw wrong(path, "a string", node);
        }
        String text = node.stringValue();
        if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw ApiException.badRequest(
                    path, path + ": has half of a surrogate pair, which is no character");
        }
        return text;
    }

    public static long whole(String path, JsonNode node, long least, long most) {
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
    public void onlyThese(Collection<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                String field = path(ErrorText.shortened(name));
                String there = String.join(", ", known.stream().sorted().toList());
                throw ApiException.badRequest(
                        field,
                        "%s: no such field; there is%s"
                                .formatted(field, there.isEmpty() ? " none here" : ": " + there));
            }
        }
    }
}
