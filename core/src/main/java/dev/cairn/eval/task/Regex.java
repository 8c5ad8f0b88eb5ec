package dev.cairn.eval.task;

import dev.cairn.support.YamlFile;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in Python's syntax, as lm-evaluation-harness's tasks have them.
 *
 * @param pattern the same in Java's
 * @param names the groups' names in Java, and their own
 */
record Regex(Pattern pattern, Map<String, String> names) {
    private static final int AS_PYTHON = Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;

    /**
     * @throws dev.cairn.CairnException if the expression is invalid; the message names file and key
     */
    static Regex compile(String python, YamlFile yaml, String key) {
        try {
            PythonRegex.Translation translation = PythonRegex.translate(python);
            return new Regex(Pattern.compile(translation.java(), AS_PYTHON), translation.names());
        } catch (PatternSyntaxException e) {
            throw yaml.error(
                    key,
                    "expected a regular expression, found '%s': %s"
                            .formatted(python, e.getDescription()));
        }
    }

    /** The texts of the named groups of a match; null for a group that took no part. */
    Map<String, @Nullable String> named(Matcher matcher) {
        Map<String, @Nullable String> groups = new TreeMap<>();
        names.forEach((java, name) -> groups.put(name, matcher.group(java)));
        return groups;
    }
}
