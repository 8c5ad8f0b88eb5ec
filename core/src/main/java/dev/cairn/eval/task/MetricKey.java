package dev.cairn.eval.task;

import java.util.Locale;

/** The names of metrics in results. */
final class MetricKey {
    private MetricKey() {}

    static String of(TaskConfig.MetricName metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }

    /** As in lm-evaluation-harness's results: {@code exact_match,strict-match}. */
    static String of(TaskConfig.MetricName metric, String filter) {
        return of(metric) + "," + filter;
    }
}
