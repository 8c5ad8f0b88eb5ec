package dev.cairn.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cairn.CairnException;
import dev.cairn.support.BoundedMatch;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Which linear layers carry an adapter: the three forms of PEFT's {@code target_modules}. */
public sealed interface TargetModules {
    /**
     * Whether the layer carries an adapter.
     *
     * @param module full dotted name in the base model, for example {@code
     *     gpt_neox.layers.0.attention.query_key_value}
     * @param isHead whether it is the output head
     */
    boolean matches(String module, boolean isHead);

    /** Layers whose dotted name is one of these or ends with one of these; sorted. */
    record Names(@JsonValue List<String> names) implements TargetModules {
        public Names {
            names = names.stream().distinct().sorted().toList();
        }

        @Override
        public boolean matches(String module, boolean isHead) {
            return names.stream()
                    .anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        }

        @Override
        public String toString() {
            return String.join(", ", names);
        }
    }

    /** Layers whose whole dotted name the regular expression matches. */
    record Regex(@JsonValue String regex) implements TargetModules {
        /**
         * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
         */
        public Regex {
            Pattern.compile(regex);
        }

        @Override
        public boolean matches(String module, boolean isHead) {
            return BoundedMatch.matches(Pattern.compile(regex), module);
        }

        @Override
        public String toString() {
            return regex;
        }
    }

    /** Every linear layer except the output head. */
    record AllLinear() implements TargetModules {
        /** Its name in configurations. */
        public static final String NAME = "all-linear";

        @Override
        public boolean matches(String module, boolean isHead) {
            return !isHead;
        }

        @Override
        @JsonValue
        public String toString() {
            return NAME;
        }
    }

    /**
     * Parses the two forms that are a single text: {@code all-linear} or a regular expression.
     *
     * @throws CairnException when it is neither
     */
    static TargetModules parse(String text) {
        if (text.equals(AllLinear.NAME)) {
            return new AllLinear();
        }
        try {
            return new Regex(text);
        } catch (PatternSyntaxException e) {
            throw new CairnException(
                    "expected a list of names, a regular expression or all-linear, found " + text,
                    e);
        }
    }

    /** Reads a YAML value: a list of names, or a text for {@link #parse}. */
    @JsonCreator
    private static TargetModules of(JsonNode value) {
        if (isName(value)) {
            return parse(value.stringValue());
        }
        if (value.isArray()
                && !value.isEmpty()
                && value.valueStream().allMatch(TargetModules::isName)) {
            return new Names(value.valueStream().map(JsonNode::stringValue).toList());
        }
        throw new CairnException(
                "expected a list of names, a regular expression or all-linear, found " + value);
    }

    private static boolean isName(JsonNode value) {
        return value.isString() && !value.stringValue().isBlank();
    }

    /** Layers by name, in any order. */
    static TargetModules names(String... names) {
        return new Names(List.of(names));
    }
}
