package dev.cairn.eval.task;

import dev.cairn.support.BoundedMatch;
import dev.cairn.support.YamlFile;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Splits a text that holds several fields: each named group becomes a field. */
final class Extraction {
    private final String field;
    private final Regex regex;

    private Extraction(String field, Regex regex) {
        this.field = field;
        this.regex = regex;
    }

    static @Nullable Extraction of(
            TaskConfig.@Nullable Extract extract, YamlFile yaml, String key) {
        return extract == null
                ? null
                : new Extraction(
                        extract.field(),
                        Regex.compile(extract.regexPattern(), yaml, key + ".regex_pattern"));
    }

    /** Adds the groups to a record; a group that did not match becomes null. */
    void addTo(TaskRecord record) {
        JsonNode text = record.doc().path(field);
        if (!text.isString()) {
            throw record.error("has no text field '%s' for extract".formatted(field));
        }
        groups(text.asString())
                .orElseThrow(() ->
                        record.error(
                                "its field '%s' does not match extract.regex_pattern: %s"
                                        .formatted(field, Shown.of(text))))
                .forEach((name, value) -> record.doc().put(name, value));
    }

    private Optional<Map<String, @Nullable String>> groups(String text) {
        return BoundedMatch.with(
                regex.pattern(),
                text,
                matcher ->
                        matcher.matches() ? Optional.of(regex.named(matcher)) : Optional.empty());
    }
}
