package dev.cairn.eval.task;

import dev.cairn.support.YamlFile;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions, as close to Python's as Java's flags allow. */
final class Regex {
    private static final int AS_PYTHON = Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;

    private Regex() {}

    /**
     * @throws dev.cairn.CairnException if the expression is invalid; the message names file and key
     */
    static Pattern compile(String regex, YamlFile yaml, String key) {
        try {
            return Pattern.compile(regex, AS_PYTHON);
        } catch (PatternSyntaxException e) {
            throw yaml.error(
                    key,
                    "expected a regular expression, found '%s': %s"
                            .formatted(regex, e.getDescription()));
        }
    }
}
