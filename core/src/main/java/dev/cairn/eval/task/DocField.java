package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.text.jinja.JinjaTemplate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A value that a task takes from a record: its text, its choices or its target. */
sealed interface DocField {
    /** The same for every record, such as the answers yes and no. */
    record Constant(Object value) implements DocField {}

    /** A field of the record. */
    record Member(String name, String where) implements DocField {}

    record Rendered(JinjaTemplate template) implements DocField {}

    record Each(List<DocField> items) implements DocField {}

    /** A field's name: lm-evaluation-harness treats a text without braces as one. */
    Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    /** Templates must give the same text every day. */
    Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /**
     * Reads the value of a key.
     *
     * @param where file and key, for messages
     * @throws CairnException if it is not a text, a whole number or a list of texts, or if it is an
     *     invalid template
     */
    static DocField of(JsonNode value, String where) {
        if (value.isArray()) {
            return new Each(value.valueStream().map(item -> item(item, where)).toList());
        }
        if (value.isString() && NAME.matcher(value.asString()).matches()) {
            return new Member(value.asString(), where);
        }
        return value.isString() ? template(value.asString(), where) : item(value, where);
    }

    static DocField template(String text, String where) {
        return new Rendered(JinjaTemplate.ofTask(text, where));
    }

    private static DocField item(JsonNode value, String where) {
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return new Constant((long) value.intValue());
        }
        if (!value.isString()) {
            throw new CairnException(
                    "%s: expected a string, a whole number or a list of strings, found %s"
                            .formatted(where, Shown.of(value)));
        }
        String text = value.asString();
        return text.contains("{{") || text.contains("{%")
                ? template(text, where)
                : new Constant(text);
    }

    /**
     * The field's value in a record.
     *
     * @return text, Long, Double, Boolean, or a list of these
     * @throws CairnException if the record lacks the field
     */
    default Object value(TaskDoc doc) {
        return switch (this) {
            case Constant(Object value) -> value;
            case Rendered(JinjaTemplate template) -> template.value(doc.values(), CLOCK);
            case Each(List<DocField> items) -> items.stream().map(item -> item.value(doc)).toList();
            case Member(String name, String where) -> {
                Object value = doc.values().get(name);
                if (value == null) {
                    throw new CairnException(
                            "%s: the record has no field '%s'; it has %s"
                                    .formatted(
                                            where, name, String.join(", ", doc.values().keySet())));
                }
                yield value;
            }
        };
    }

    /** The value as text. */
    default String text(TaskDoc doc) {
        return switch (this) {
            case Rendered(JinjaTemplate template) -> template.render(doc.values(), CLOCK);
            default -> String.valueOf(value(doc));
        };
    }
}
