package dev.cairn.eval.task;

import dev.cairn.support.BoundedMatch;
import dev.cairn.support.YamlFile;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code exact_match} of lm-evaluation-harness: whether two texts are equal after the ignored parts
 * are removed from both.
 */
record AnswerMatch(boolean ignoresCase, boolean ignoresPunctuation, List<Pattern> ignored) {
    /** Python's {@code string.punctuation}. */
    private static final Pattern PUNCTUATION =
            Pattern.compile("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]");

    static AnswerMatch of(YamlFile yaml, TaskConfig.Metric metric) {
        List<String> regexes = metric.regexesToIgnore();
        return new AnswerMatch(
                Boolean.TRUE.equals(metric.ignoreCase()),
                Boolean.TRUE.equals(metric.ignorePunctuation()),
                (regexes == null ? List.<String>of() : regexes)
                        .stream()
                                .map(one ->
                                        Regex.compile(one, yaml, "metric_list.regexes_to_ignore")
                                                .pattern())
                                .toList());
    }

    /** Whether an answer is one of the correct ones. */
    boolean matches(String answer, List<String> gold) {
        String bare = bare(answer);
        return gold.stream().anyMatch(one -> bare(one).equals(bare));
    }

    private String bare(String text) {
        String bare = text;
        for (Pattern pattern : ignored) {
            bare = BoundedMatch.with(pattern, bare, matcher -> matcher.replaceAll(""));
        }
        bare = ignoresCase ? bare.toLowerCase(Locale.ROOT) : bare;
        return ignoresPunctuation ? PUNCTUATION.matcher(bare).replaceAll("") : bare;
    }
}
