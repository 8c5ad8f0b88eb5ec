package dev.cairn.stack.config;

import dev.cairn.CairnException;
import dev.cairn.text.template.Template;
import java.nio.file.Path;
import java.util.Set;

/**
 * The checks on the stages of a stack, for YAML files and code alike.
 *
 * @param file the stack's file, or its name, for errors
 */
record StageChecks(Path file) {
    /** An error about one key. */
    CairnException error(String key, String problem) {
        return new CairnException(file + ": " + key + ": " + problem);
    }

    /**
     * Checks a stage's name.
     *
     * @param taken names of the variables so far
     */
    void name(String name, String key, Set<String> taken) {
        if (!name.matches("[a-z][a-z0-9_-]*")) {
            throw error(
                    key,
                    "expected a small letter, then small letters, digits, _ and -, found '"
                            + name
                            + "'");
        }
        if (taken.contains(name)) {
            throw error(key, "'" + name + "' is already taken; give each stage its own name");
        }
    }

    /**
     * Checks that a template uses only known variables.
     *
     * @param earlier variables that the stage may use
     */
    void variables(Set<String> variables, String key, String stage, Set<String> earlier) {
        for (String variable : variables) {
            if (!earlier.contains(variable)) {
                throw error(
                        key,
                        "{{%s}} is not defined by an earlier stage; stage %s may use %s"
                                .formatted(variable, stage, String.join(", ", earlier)));
            }
        }
    }

    Template template(String source, String key) {
        return Template.parse(nonEmpty(source, key), file, key);
    }

    String nonEmpty(String text, String key) {
        if (text.isEmpty()) {
            throw error(key, "expected a string of at least one character, found \"\"");
        }
        return text;
    }
}
