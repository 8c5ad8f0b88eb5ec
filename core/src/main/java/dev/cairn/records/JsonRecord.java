package dev.cairn.records;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One JSON object of a file.
 *
 * @param line of the file, from 1, where it begins
 * @param number its line too when every line is a record, else its place in the array, from 1
 * @param fields the object
 */
public record JsonRecord(Path file, int line, int number, JsonNode fields) {
    /** Fields that say what kind of question it is; the second is Dolly's. */
    private static final List<String> KINDS = List.of("kind", "category");

    /** Unique within its file. */
    public String id() {
        return "%s-%06d".formatted(FileNames.stem(file), number);
    }

    public boolean has(String field) {
        return fields.has(field);
    }

    /** The kind of question that the record names, or else {@code otherwise}. */
    public String kind(String otherwise) {
        return KINDS.stream()
                .map(fields::path)
                .filter(value -> value.isString() && !value.stringValue().isBlank())
                .map(JsonNode::stringValue)
                .findFirst()
                .orElse(otherwise);
    }

    /**
     * The text of a field, which may be empty.
     *
     * @throws CairnException naming file and line when there is no such field or it is no text
     */
    public String text(String field) {
        if (!has(field)) {
            throw bad("missing field '%s'".formatted(field));
        }
        return string(fields.get(field), field);
    }

    /** The text of a field; nothing when the field is missing or null. */
    public String textOrNothing(String field) {
        return fields.hasNonNull(field) ? text(field) : "";
    }

    /** The text of a field that must say something; fails like {@link #text}. */
    public String filledText(String field) {
        String text = text(field);
        if (text.isBlank()) {
            throw bad("field '%s' is empty".formatted(field));
        }
        return text;
    }

    /** {@code value} as a text; {@code field} is what an error calls it. */
    public String string(JsonNode value, String field) {
        if (!value.isString()) {
            throw bad("field '%s' must be a text, found %s".formatted(field, found(value)));
        }
        String text = value.stringValue();
        if (hasHalfOfAPair(text)) {
            throw bad(
                    "field '%s' has half of a surrogate pair, such as \\ud83d alone, which is no character"
                            .formatted(field));
        }
        return text;
    }

    private static boolean hasHalfOfAPair(String text) {
        // Whole pairs come as one code point beyond this range.
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The elements of a field that must be a list of objects; fails like {@link #text}. */
    public List<JsonNode> objects(String field) {
        JsonNode list = fields.path(field);
        if (!list.isArray()) {
            throw bad("field '%s' must be a list, found %s".formatted(field, found(list)));
        }
        for (JsonNode element : list) {
            if (!element.isObject()) {
                throw bad(
                        "field '%s' must list objects, found %s".formatted(field, found(element)));
            }
        }
        return List.copyOf(list.values());
    }

    private static String found(JsonNode value) {
        return String.valueOf(value.getNodeType());
    }

    /** An error that names file and line. */
    public CairnException bad(String what) {
        return new CairnException("%s:%d: %s".formatted(file, line, what));
    }
}
