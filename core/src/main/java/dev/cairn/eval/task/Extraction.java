package dev.cairn.eval.task;

import dev.cairn.support.BoundedMatch;
import dev.cairn.support.YamlFile;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Splits a text that holds several fields: each named group becomes a field. */
final class Extraction {
    private final String field;
    private final Pattern pattern;

    private Extraction(String field, Pattern pattern) {
        this.field = field;
        this.pattern = pattern;
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
                .forEach((name, value) ->
                        value.ifPresentOrElse(
                                found -> record.doc().put(name, found),
                                () -> record.doc().putNull(name)));
    }

    private Optional<Map<String, Optional<String>>> groups(String text) {
        return BoundedMatch.with(
                pattern,
                text,
                matcher -> matcher.matches() ? Optional.of(named(matcher)) : Optional.empty());
    }

    private static Map<String, Optional<String>> named(Matcher matcher) {
        Map<String, Optional<String>> groups = new java.util.TreeMap<>();
        for (String name : matcher.namedGroups().keySet()) {
            groups.put(name, Optional.ofNullable(matcher.group(name)));
        }
        return groups;
    }
}
