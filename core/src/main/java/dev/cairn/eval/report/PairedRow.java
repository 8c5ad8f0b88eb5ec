package dev.cairn.eval.report;

import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.compare.Estimate;
import dev.cairn.eval.compare.PairedResult;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table in which one system is compared with others on the same items.
 *
 * @param second the other system
 * @param difference share of the first minus share of the second, with its paired interval
 * @param onlyFirst number of items that only the first got right; null if that is not a count
 * @param onlySecond the same for the second
 * @param pValue p-value of McNemar's test; null in the same cases
 */
record PairedRow(
        String second,
        Estimate difference,
        @Nullable Integer onlyFirst,
        @Nullable Integer onlySecond,
        @Nullable Double pValue) {

    static PairedRow of(PairedComparison comparison) {
        return new PairedRow(
                comparison.second(),
                new Estimate(comparison.difference(), comparison.low(), comparison.high()),
                comparison.onlyFirst(),
                comparison.onlySecond(),
                comparison.pValue());
    }

    static PairedRow of(PairedResult result) {
        return new PairedRow(
                result.second(),
                result.difference(),
                result.onlyFirst(),
                result.onlySecond(),
                result.pValue());
    }
}
