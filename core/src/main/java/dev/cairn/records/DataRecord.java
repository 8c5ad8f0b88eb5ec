package dev.cairn.records;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One record of a file.
 *
 * @param line of the file, from 1, where it begins
 * @param number its line too when every line is a record, else its place in the file, from 1
 * @param fields its values by name
 */
public record DataRecord(Path file, int line, int number, ObjectNode fields) {
    /** Unique within its file. */
    public String id() {
        return "%s-%06d".formatted(FileNames.stem(file), number);
    }

    /** Whether it has such a field, whatever its value. */
    public boolean has(String field) {
        return fields.has(field);
    }

    /**
     * The text of a field, which may be empty.
     *
     * @throws CairnException naming file and line when there is no such field or it is no text
     */
    public String text(String field) {
        if (!has(field)) {
            throw error("missing field '%s'".formatted(field));
        }
        return string(fields.get(field), field);
    }

    /** The text of a field; empty when the field is missing or null. */
    public String textOrNothing(String field) {
        return fields.hasNonNull(field) ? text(field) : "";
    }

    /** The text of a field that must not be blank; fails like {@link #text}. */
    public String filledText(String field) {
        String text = text(field);
        if (text.isBlank()) {
            throw error("field '%s' is empty".formatted(field));
        }
        return text;
    }

    /**
     * {@code value} as a text.
     *
     * @param field what an error calls it
     */
    public String string(JsonNode value, String field) {
        if (!value.isString()) {
            throw error("field '%s' must be a text, found %s".formatted(field, found(value)));
        }
        String text = value.stringValue();
        if (hasLoneSurrogate(text)) {
            throw error(
                    "field '%s' has half of a surrogate pair, such as \\ud83d alone, which is no character"
                            .formatted(field));
        }
        return text;
    }

    private static boolean hasLoneSurrogate(String text) {
        // Whole pairs come as one code point beyond this range.
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The elements of a field that must be a list of objects; fails like {@link #text}. */
    public List<ObjectNode> objects(String field) {
        JsonNode list = fields.path(field);
        if (!list.isArray()) {
            throw error("field '%s' must be a list, found %s".formatted(field, found(list)));
        }
        return list.valueStream().map(element -> object(element, field)).toList();
    }

    private ObjectNode object(JsonNode element, String field) {
        if (element instanceof ObjectNode object) {
            return object;
        }
        throw error("field '%s' must list objects, found %s".formatted(field, found(element)));
    }

    private static String found(JsonNode value) {
        return String.valueOf(value.getNodeType());
    }

    /** An error that names file and line. */
    public CairnException error(String problem) {
        return new CairnException("%s:%d: %s".formatted(file, line, problem));
    }
}
