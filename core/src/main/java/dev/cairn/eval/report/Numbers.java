package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.why.Change;
import java.util.Locale;

/** How reports write numbers: the same on the terminal and in the page, in any locale. */
public final class Numbers {
    private Numbers() {}

    /** 0.81 is {@code 81.0%}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** A share in percent, or a dash when there is nothing to have a share of. */
    static String share(Accuracy share) {
        return share.total() == 0 ? "-" : percent(share.rate());
    }

    /** Exact match before and after: {@code 43.0% to 12.5%}. */
    static String change(Change change) {
        return share(change.before()) + " to " + share(change.after());
    }

    /** The 95 % interval in percent: {@code [75.0, 85.8]}. */
    static String interval(Accuracy accuracy) {
        return String.format(
                Locale.ROOT, "[%.1f, %.1f]", 100 * accuracy.low(), 100 * accuracy.high());
    }

    /** A difference of shares in percentage points: {@code +12.5}. */
    public static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f", 100 * difference);
    }

    /** The 95 % interval of a difference, in percentage points: {@code [+6.0, +19.0]}. */
    static String interval(PairedComparison comparison) {
        return String.format(
                Locale.ROOT, "[%+.1f, %+.1f]", 100 * comparison.low(), 100 * comparison.high());
    }

    /** A p-value to three decimals: more would pretend. */
    public static String pValue(double p) {
        return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** One decimal. */
    public static String tenth(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** Four significant digits, without trailing noise: a loss or a log-probability. */
    static String loss(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** An integer with commas every three digits. */
    public static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
