package dev.cairn.eval;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One system's results on one question set.
 *
 * @param set name of the set
 * @param items results in the order of the set's questions
 */
public record SetResult(String set, List<ItemResult> items) {
    public SetResult {
        items = List.copyOf(items);
    }

    /** Exact match over all questions. A failed question counts as wrong. */
    public Accuracy accuracy() {
        return accuracyOf(items);
    }

    /** Exact match over the questions of one kind. */
    public Accuracy accuracy(String kind) {
        return accuracyOf(items.stream().filter(r -> r.item().kind().equals(kind)).toList());
    }

    /** Exact match per kind of question, kinds in alphabetical order. */
    public SortedMap<String, Accuracy> byKind() {
        SortedMap<String, Accuracy> accuracies = new TreeMap<>();
        for (ItemResult result : items) {
            accuracies.computeIfAbsent(result.item().kind(), this::accuracy);
        }
        return Collections.unmodifiableSortedMap(accuracies);
    }

    /** Mean tokens and time per answered question. */
    public Cost cost() {
        return Cost.of(items);
    }

    /**
     * What a right answer costs: tokens and time of all answers, divided by the number of right
     * ones; null if there are none.
     */
    public @Nullable Cost costPerRightAnswer() {
        int correct = accuracy().correct();
        double answered = items.size() - failures().size();
        return correct == 0 ? null : cost().times(answered / correct);
    }

    /** Questions without an answer, in order. */
    public List<ItemResult> failures() {
        return items.stream().filter(ItemResult::failed).toList();
    }

    /** Number of questions that did not fit some stage's context window. */
    public int truncated() {
        return count(items, ItemResult::truncated);
    }

    private static Accuracy accuracyOf(List<ItemResult> results) {
        return Accuracy.of(count(results, ItemResult::correct), results.size());
    }

    private static int count(List<ItemResult> results, Predicate<ItemResult> what) {
        return Math.toIntExact(results.stream().filter(what).count());
    }
}
