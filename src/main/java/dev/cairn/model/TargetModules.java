package dev.cairn.model;

import java.util.List;
import java.util.regex.Pattern;

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
    record Names(List<String> names) implements TargetModules {
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
    record Regex(String regex) implements TargetModules {
        /**
         * @throws java.util.regex.PatternSyntaxException if it is no regular expression
         */
        public Regex {
            Pattern.compile(regex);
        }

        @Override
        public boolean matches(String module, boolean isHead) {
            return module.matches(regex);
        }

        @Override
        public String toString() {
            return regex;
        }
    }

    /** Every linear layer except the output head. */
    record AllLinear() implements TargetModules {
        static final String NAME = "all-linear";

        @Override
        public boolean matches(String module, boolean isHead) {
            return !isHead;
        }

        @Override
        public String toString() {
            return NAME;
        }
    }

    /** Names in any order. */
    static TargetModules names(String... names) {
        return new Names(List.of(names));
    }
}
