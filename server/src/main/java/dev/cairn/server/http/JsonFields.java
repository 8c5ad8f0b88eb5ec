package dev.cairn.server.http;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object in a request. A field that is {@code null} counts as missing, as it
 * does in OpenAI's API; one of the wrong type or out of bounds is an {@link ApiException} with
 * status 400.
 */
public final class JsonFields {
    private final ObjectNode object;
    private final String prefix;

    /**
     * @param prefix prefix of field names in errors, such as {@code cairn.}
     */
    JsonFields(ObjectNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** The name of a field in errors. */
    public String path(String name) {
        return prefix + name;
    }

    public Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    public @Nullable JsonValue get(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : new JsonValue(path(name), node);
    }

    /**
     * @param expected description of the expected value, for errors
     */
    public JsonValue required(String name, String expected) {
        JsonValue value = get(name);
        if (value == null) {
            throw ApiException.badRequest(
                    path(name), "%s is missing: expected %s".formatted(path(name), expected));
        }
        return value;
    }

    public @Nullable JsonFields object(String name) {
        JsonValue value = get(name);
        return value == null ? null : value.object();
    }

    public @Nullable String string(String name) {
        JsonValue value = get(name);
        return value == null ? null : value.string();
    }

    public String requiredString(String name) {
        return required(name, "a string").string();
    }

    /** False when the field is missing. */
    public boolean bool(String name) {
        JsonValue value = get(name);
        return value != null && value.bool();
    }

    public @Nullable Integer integer(String name, int min, int max) {
        Long value = longInteger(name, min, max);
        return value == null ? null : Math.toIntExact(value);
    }

    public @Nullable Long longInteger(String name, long min, long max) {
        JsonValue value = get(name);
        return value == null ? null : value.integer(min, max);
    }

    public @Nullable Double number(String name, double min, double max) {
        JsonValue value = get(name);
        return value == null ? null : value.number(min, max);
    }

    /** Rejects unknown fields, so that a misspelt one is not ignored. */
    public void allowOnly(Collection<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                String field = path(ErrorText.excerpt(name));
                String others = String.join(", ", known.stream().sorted().toList());
                throw ApiException.badRequest(
                        field,
                        "%s: no such field; there is%s"
                                .formatted(field, others.isEmpty() ? " none here" : ": " + others));
            }
        }
    }
}
