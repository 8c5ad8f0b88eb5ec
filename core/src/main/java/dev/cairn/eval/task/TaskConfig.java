package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The keys of a task's YAML; {@code docs/tasks.md} explains them. Names are those of
 * lm-evaluation-harness where it has the same key.
 */
record TaskConfig(
        String task,
        @Nullable String note,
        String testFile,
        @Nullable FileFormat fileFormat,
        @Nullable List<String> fields,
        @Nullable Extract extract,
        @Nullable String kind,
        OutputType outputType,
        @Nullable String description,
        JsonNode docToText,
        @Nullable JsonNode docToChoice,
        JsonNode docToTarget,
        @Nullable Boolean multipleInputs,
        @Nullable Integer numChoices,
        @Nullable String targetDelimiter,
        @Nullable String fewshotDelimiter,
        @Nullable Integer numFewshot,
        @Nullable Fewshot fewshotConfig,
        @Nullable Generation generationKwargs,
        @Nullable List<NamedFilter> filterList,
        List<Metric> metricList) {

    enum OutputType {
        MULTIPLE_CHOICE,
        GENERATE_UNTIL
    }

    /** Splits a field: each named group of the expression becomes a field of its own. */
    record Extract(String field, String regexPattern) {}

    /** The source of examples; omitted keys default to those of the items. */
    record Fewshot(
            String file,
            @Nullable FileFormat fileFormat,
            @Nullable List<String> fields,
            @Nullable Extract extract,
            @Nullable JsonNode docToText,
            @Nullable JsonNode docToChoice,
            @Nullable JsonNode docToTarget) {}

    record Generation(@Nullable List<String> until, @Nullable Integer maxGenToks) {}

    /** The steps that extract the compared text from the answer. */
    record NamedFilter(String name, List<FilterStep> filter) {}

    record FilterStep(
            FilterFunction function, @Nullable String regexPattern, @Nullable Integer groupSelect) {
        FilterStep {
            if ((function == FilterFunction.REGEX) != (regexPattern != null)) {
                throw new CairnException("regex_pattern: belongs only to the function regex");
            }
        }
    }

    enum FilterFunction {
        REGEX,
        TAKE_FIRST
    }

    record Metric(
            MetricName metric,
            @Nullable Boolean ignoreCase,
            @Nullable Boolean ignorePunctuation,
            @Nullable List<String> regexesToIgnore) {}

    enum MetricName {
        ACC,
        ACC_NORM,
        ACC_BYTES,
        MC2,
        EXACT_MATCH
    }

    TaskConfig {
        boolean isChoice = outputType == OutputType.MULTIPLE_CHOICE;
        if (isChoice != (docToChoice != null)) {
            throw new CairnException(
                    isChoice
                            ? "doc_to_choice: missing; output_type multiple_choice needs it"
                            : "doc_to_choice: belongs to output_type multiple_choice");
        }
        if (metricList.isEmpty()) {
            throw new CairnException("metric_list: expected at least one metric, found none");
        }
        for (Metric one : metricList) {
            if (isChoice == (one.metric() == MetricName.EXACT_MATCH)) {
                throw new CairnException(
                        "metric_list: expected %s, found %s"
                                .formatted(
                                        isChoice
                                                ? "acc, acc_norm, acc_bytes or mc2"
                                                : "exact_match",
                                        MetricKey.of(one.metric())));
            }
        }
        atLeast("num_choices", numChoices, 2);
        atLeast("num_fewshot", numFewshot, 0);
    }

    private static void atLeast(String key, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new CairnException(
                    "%s: expected %d or more, found %d".formatted(key, least, value));
        }
    }

    boolean hasMultipleInputs() {
        return Boolean.TRUE.equals(multipleInputs);
    }

    String delimiterBeforeTarget() {
        return targetDelimiter == null ? " " : targetDelimiter;
    }

    String delimiterAfterExample() {
        return fewshotDelimiter == null ? "\n\n" : fewshotDelimiter;
    }
}
