package dev.cairn.eval.compare;

import dev.cairn.eval.PairedComparison;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The paired comparison of two systems on the same items.
 *
 * @param difference the first's score minus the second's, with its paired interval
 * @param onlyFirst number of items that only the first got right; null if scores are not just right
 *     or wrong, because there are several runs or the metric is a share
 * @param onlySecond the same for the second
 * @param pValue two-sided exact McNemar test of "both are equally often right"; null in the same
 *     cases
 */
public record PairedResult(
        String measure,
        String first,
        String second,
        int items,
        Estimate difference,
        @Nullable Integer onlyFirst,
        @Nullable Integer onlySecond,
        @Nullable Double pValue) {

    static PairedResult of(String measure, ComparedSystem first, ComparedSystem second) {
        double[] ours = first.scores(measure);
        double[] theirs = second.scores(measure);
        double[] differences = new double[ours.length];
        Arrays.setAll(differences, i -> ours[i] - theirs[i]);
        boolean isPlain = Estimate.isPlain(ours) && Estimate.isPlain(theirs);
        int onlyFirst = (int) Arrays.stream(differences).filter(d -> d == 1).count();
        int onlySecond = (int) Arrays.stream(differences).filter(d -> d == -1).count();
        return new PairedResult(
                measure,
                first.name(),
                second.name(),
                ours.length,
                Estimate.ofValues(differences),
                isPlain ? onlyFirst : null,
                isPlain ? onlySecond : null,
                isPlain ? PairedComparison.mcNemar(onlyFirst, onlySecond) : null);
    }
}
