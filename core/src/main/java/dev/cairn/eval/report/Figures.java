package dev.cairn.eval.report;

import dev.cairn.eval.compare.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a comparison writes numbers, on the terminal and in the page. */
final class Figures {
    private Figures() {}

    static String interval(Estimate estimate) {
        return String.format(
                Locale.ROOT, "[%.1f, %.1f]", 100 * estimate.low(), 100 * estimate.high());
    }

    static String pointInterval(Estimate estimate) {
        return String.format(
                Locale.ROOT, "[%+.1f, %+.1f]", 100 * estimate.low(), 100 * estimate.high());
    }

    static String pValue(@Nullable Double p) {
        return p == null ? "–" : Numbers.pValue(p);
    }

    static String orDash(@Nullable Integer count) {
        return count == null ? "–" : Numbers.grouped(count);
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** The scores of single runs, where there are several. */
    static String runs(List<Double> runs) {
        return runs.size() == 1
                ? ""
                : runs.stream().map(run -> number(100 * run, 1)).collect(Collectors.joining(" "));
    }
}
