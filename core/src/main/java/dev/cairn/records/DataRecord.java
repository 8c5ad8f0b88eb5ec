package dev.cairn.records;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One record of a data file.
 *
 * @param line the line of the file where it begins, from 1
 * @param number equal to {@code line} when every line is a record, otherwise its position in the
 *     file, from 1
 * @param fields its values by name
 */
public record DataRecord(Path file, int line, int number, ObjectNode fields) {
    /** An id, unique within its file: the file's name without extension, and the number. */
    public String id() {
        return "%s-%06d".formatted(FileNames.stem(file), number);
    }

    /** Whether the record has this field, whatever its value. */
    public boolean has(String field) {
        return fields.has(field);
    }

    /**
     * The text of a field, which may be empty.
     *
     * @throws CairnException if the field is missing or not text; names file and line
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

    /**
     * The text of a field that must not be blank.
     *
     * @throws CairnException as {@link #text}, and if the text is blank
     */
    public String filledText(String field) {
        String text = text(field);
        if (text.isBlank()) {
            throw error("field '%s' is empty".formatted(field));
        }
        return text;
    }

    /**
     * The text of a JSON value.
     *
     * @param field the value's name in an error
     * @throws CairnException if the value is not text or holds half of a surrogate pair
     */
    public String string(JsonNode value, String field) {
        if (!value.isString()) {
            throw error("field '%s' must be a string, found %s".formatted(field, found(value)));
        }
        String text = value.stringValue();
        if (hasLoneSurrogate(text)) {
            throw error(
                    "field '%s' contains half of a surrogate pair, such as \\ud83d alone, which is not a character"
                            .formatted(field));
        }
        return text;
    }

    private static boolean hasLoneSurrogate(String text) {
        // A whole pair is one code point, outside this range.
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /**
     * The elements of a field.
     *
     * @throws CairnException if the field is not a list of objects; names file and line
     */
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
