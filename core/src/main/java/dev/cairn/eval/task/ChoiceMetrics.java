package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.text.Score;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** The metrics of a multiple-choice item, computed as in lm-evaluation-harness. */
final class ChoiceMetrics {
    private final ChoiceItem item;
    private final double[] sums;

    /**
     * @throws CairnException if there is not one finite log-likelihood for each candidate
     */
    ChoiceMetrics(ChoiceItem item, List<Score> scores) {
        if (scores.size() != item.candidates().size()) {
            throw new CairnException(
                    "item %s: expected %d scores, one for each choice, found %d"
                            .formatted(item.id(), item.candidates().size(), scores.size()));
        }
        this.item = item;
        this.sums = scores.stream().mapToDouble(Score::sumLogprob).toArray();
        for (int i = 0; i < sums.length; i++) {
            if (!Double.isFinite(sums[i])) {
                throw new CairnException(
                        "item %s: choice %d: expected a finite log-likelihood, found %s"
                                .formatted(item.id(), i + 1, sums[i]));
            }
        }
    }

    double value(TaskConfig.MetricName metric) {
        return switch (metric) {
            case ACC -> right(argMax(choice -> 1));
            case ACC_NORM -> right(argMax(choice -> choice.codePointCount(0, choice.length())));
            case ACC_BYTES ->
                    right(argMax(choice -> choice.getBytes(StandardCharsets.UTF_8).length));
            case MC2 -> massOfGold();
            case EXACT_MATCH ->
                    throw new IllegalStateException("exact_match of a multiple-choice item");
        };
    }

    private double right(int choice) {
        return item.gold().contains(choice) ? 1 : 0;
    }

    /** The first candidate with the highest log-likelihood relative to its length. */
    private int argMax(ToIntFunction<String> length) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < sums.length; i++) {
            double normed = sums[i] / length.applyAsInt(item.candidates().get(i).choice());
            if (normed > highest) {
                best = i;
                highest = normed;
            }
        }
        return best;
    }

    /** Share of the probability mass on correct choices (Lin et al., 2021: TruthfulQA's MC2). */
    private double massOfGold() {
        double highest = Double.NEGATIVE_INFINITY;
        for (double sum : sums) {
            highest = Math.max(highest, sum);
        }
        Set<Integer> gold = item.gold();
        double all = 0;
        double ofGold = 0;
        for (int i = 0; i < sums.length; i++) {
            // Subtract the maximum, because otherwise all values could underflow.
            double mass = Math.exp(sums[i] - highest);
            all += mass;
            ofGold += gold.contains(i) ? mass : 0;
        }
        return ofGold / all;
    }
}
