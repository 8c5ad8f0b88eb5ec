package dev.cairn.eval.run;

import dev.cairn.eval.task.Candidate;
import dev.cairn.eval.task.ChoiceItem;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.eval.task.WritingItem;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An item with a system's output: one line of a samples file.
 *
 * @param docId index of the item in its task, from 0
 * @param id unique within the task; systems are paired by it
 * @param kind kind of item
 * @param doc the record the item was made from
 * @param target the correct answer: the index of a choice, or a text
 * @param arguments everything the system was asked, as lm-evaluation-harness writes it
 * @param output the system's output
 * @param metrics values by the names of the metrics
 */
public record Sample(
        int docId,
        String id,
        String kind,
        JsonNode doc,
        String target,
        JsonNode arguments,
        ModelOutput output,
        SortedMap<String, Double> metrics,
        Effort effort) {
    public Sample {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    static Sample of(
            TaskItem item, ModelOutput output, SortedMap<String, Double> metrics, Effort effort) {
        return new Sample(
                item.docId(),
                item.id(),
                item.kind(),
                item.doc(),
                target(item),
                arguments(item),
                output,
                metrics,
                effort);
    }

    /** Whether an item would be asked in the same way now. */
    boolean isOf(TaskItem item) {
        return arguments.equals(arguments(item)) && target.equals(target(item));
    }

    private static String target(TaskItem item) {
        return switch (item) {
            case ChoiceItem choice -> one(choice.gold().stream().sorted().toList());
            case WritingItem writing -> one(writing.gold());
        };
    }

    /** Several values are written like a Python list of numbers. */
    private static String one(List<?> gold) {
        return gold.size() == 1 ? String.valueOf(gold.getFirst()) : gold.toString();
    }

    private static JsonNode arguments(TaskItem item) {
        ObjectNode arguments = JsonMapper.shared().createObjectNode();
        switch (item) {
            case ChoiceItem choice -> {
                int i = 0;
                for (Candidate candidate : choice.candidates()) {
                    arguments
                            .putObject("gen_args_" + i++)
                            .put("arg_0", candidate.context())
                            .put("arg_1", candidate.continuation());
                }
            }
            case WritingItem writing -> {
                ObjectNode first = arguments.putObject("gen_args_0").put("arg_0", writing.prompt());
                ObjectNode how = first.putObject("arg_1");
                writing.until().forEach(how.putArray("until")::add);
                how.put("do_sample", false).put("max_gen_toks", writing.maxTokens());
            }
        }
        return arguments;
    }
}
