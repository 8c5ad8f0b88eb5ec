package dev.cairn.eval.task;

import dev.cairn.support.BoundedMatch;
import dev.cairn.support.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extracts the part of an answer that is compared.
 *
 * @param name name of the filter; empty if there is none
 */
record AnswerFilter(String name, List<Step> steps) {
    /** Replaces an answer without a match, as in lm-evaluation-harness. */
    private static final String INVALID = "[invalid]";

    /**
     * Extracts one match.
     *
     * @param select index of the match, from 0; a negative one counts from the end
     */
    record Step(Pattern pattern, int select) {}

    static final AnswerFilter NONE = new AnswerFilter("", List.of());

    static AnswerFilter of(YamlFile yaml, TaskConfig.NamedFilter filter) {
        List<Step> steps = new ArrayList<>();
        for (TaskConfig.FilterStep step : filter.filter()) {
            String regex = step.regexPattern();
            // Nothing to do for take_first: there is only one answer.
            if (regex != null) {
                String key = "filter_list.filter.regex_pattern";
                int select = step.groupSelect() == null ? 0 : step.groupSelect();
                steps.add(new Step(Regex.compile(regex, yaml, key).pattern(), select));
            }
        }
        return new AnswerFilter(filter.name(), List.copyOf(steps));
    }

    String apply(String written) {
        String text = written;
        for (Step step : steps) {
            List<String> all = BoundedMatch.with(step.pattern(), text, AnswerFilter::all);
            int at = step.select() < 0 ? all.size() + step.select() : step.select();
            text = at < 0 || at >= all.size() ? INVALID : all.get(at);
        }
        return text;
    }

    /**
     * Like {@code re.findall}: the first non-empty group of each match, or the whole match if there
     * are no groups.
     */
    private static List<String> all(Matcher matcher) {
        List<String> all = new ArrayList<>();
        while (matcher.find()) {
            all.add(matcher.groupCount() == 0 ? matcher.group().strip() : group(matcher));
        }
        return all;
    }

    private static String group(Matcher matcher) {
        for (int i = 1; i <= matcher.groupCount(); i++) {
            String group = matcher.group(i);
            if (group != null && !group.isEmpty()) {
                return group.strip();
            }
        }
        return matcher.groupCount() == 1 ? "" : INVALID;
    }
}
