package dev.cairn.server.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value in a request's JSON, read strictly: it must have the expected type and be within its
 * bounds. Anything else is an {@link ApiException} with status 400.
 *
 * @param path path of the value in errors, such as {@code messages[0].content}
 */
public record JsonValue(String path, JsonNode node) {
    /** The error for a value that is not what was expected. */
    ApiException unexpected(String expected) {
        return ApiException.badRequest(
                path,
                "%s: expected %s, found %s".formatted(path, expected, ErrorText.describe(node)));
    }

    /** This value as a text; an unpaired surrogate is rejected. */
    public String string() {
        if (!node.isString()) {
            throw unexpected("a string");
        }
        String text = node.stringValue();
        if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw ApiException.badRequest(
                    path, path + ": contains half of a surrogate pair, which is not a character");
        }
        return text;
    }

    public boolean bool() {
        if (!node.isBoolean()) {
            throw unexpected("true or false");
        }
        return node.booleanValue();
    }

    /**
     * A whole number, also in the form {@code 5.0}, because some languages have only floating-point
     * numbers.
     */
    public long integer(long min, long max) {
        boolean isInteger = node.isNumber() && node.canConvertToLong() && hasNoFraction();
        if (!isInteger || node.longValue() < min || node.longValue() > max) {
            boolean isOpen = max == Long.MAX_VALUE && min > Long.MIN_VALUE;
            throw unexpected(
                    isOpen
                            ? "a whole number of at least " + min
                            : "a whole number from %d to %d".formatted(min, max));
        }
        return node.longValue();
    }

    private boolean hasNoFraction() {
        return node.isIntegralNumber()
                || node.decimalValue().remainder(BigDecimal.ONE).signum() == 0;
    }

    public double number(double min, double max) {
        // A number too large for a double reads as infinite, which is beyond every bound.
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            throw unexpected("a number from %s to %s".formatted(min, max));
        }
        return node.doubleValue();
    }

    public JsonFields object() {
        if (node instanceof ObjectNode object) {
            return new JsonFields(object, path + ".");
        }
        throw unexpected("an object");
    }

    /**
     * The elements of a non-empty list.
     *
     * @param expected description of the expected value, for errors
     */
    public List<JsonValue> elements(String expected) {
        if (!node.isArray() || node.isEmpty()) {
            throw unexpected(expected);
        }
        List<JsonValue> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonValue(path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    public boolean isString() {
        return node.isString();
    }

    public boolean isEmptyList() {
        return node.isArray() && node.isEmpty();
    }
}
