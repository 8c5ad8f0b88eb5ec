package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The metrics of a task. */
final class TaskMetrics {
    /** A metric of a generated answer. */
    private record Written(String key, AnswerFilter filter, AnswerMatch match) {}

    private final List<TaskConfig.MetricName> ofChoices = new ArrayList<>();
    private final List<Written> ofTexts = new ArrayList<>();

    TaskMetrics(YamlFile yaml, TaskConfig config) {
        List<AnswerFilter> filters =
                config.filterList() == null || config.filterList().isEmpty()
                        ? List.of(AnswerFilter.NONE)
                        : config.filterList().stream()
                                .map(filter -> AnswerFilter.of(yaml, filter))
                                .toList();
        for (TaskConfig.Metric metric : config.metricList()) {
            if (metric.metric() != TaskConfig.MetricName.EXACT_MATCH) {
                ofChoices.add(metric.metric());
                continue;
            }
            AnswerMatch match = AnswerMatch.of(yaml, metric);
            for (AnswerFilter filter : filters) {
                String key =
                        filter.name().isEmpty()
                                ? MetricKey.of(metric.metric())
                                : MetricKey.of(metric.metric(), filter.name());
                ofTexts.add(new Written(key, filter, match));
            }
        }
    }

    List<String> names() {
        return ofTexts.isEmpty()
                ? ofChoices.stream().map(MetricKey::of).toList()
                : ofTexts.stream().map(Written::key).toList();
    }

    SortedMap<String, Double> of(TaskItem item, ItemScores scores) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        switch (item) {
            case ChoiceItem choice when scores instanceof ItemScores.Likelihoods said -> {
                ChoiceMetrics values = new ChoiceMetrics(choice, said.candidates());
                ofChoices.forEach(one -> metrics.put(MetricKey.of(one), values.value(one)));
            }
            case WritingItem writing when scores instanceof ItemScores.Written said ->
                    ofTexts.forEach(one -> {
                        String answer = one.filter().apply(said.text());
                        boolean isRight = one.match().matches(answer, writing.gold());
                        metrics.put(one.key(), isRight ? 1.0 : 0.0);
                    });
            case ChoiceItem choice -> throw other(choice, "a score for each choice", "a text");
            case WritingItem writing -> throw other(writing, "a text", "scores");
        }
        return metrics;
    }

    private static CairnException other(TaskItem item, String expected, String found) {
        return new CairnException(
                "item %s: expected %s, found %s".formatted(item.id(), expected, found));
    }
}
