package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.Cost;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.compare.Estimate;
import dev.cairn.eval.why.Change;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats numbers for reports, in the same way for terminal and page, independent of the locale.
 */
public final class Numbers {
    /** Shown in place of an unknown number. */
    static final String UNKNOWN = "–";

    private Numbers() {}

    /** 0.81 is {@code 81.0%}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** A share in percent, or a dash if the total is zero. */
    static String share(Accuracy share) {
        return share.total() == 0 ? "-" : percent(share.rate());
    }

    /** Exact match before and after: {@code 43.0% to 12.5%}. */
    static String change(Change change) {
        return share(change.before()) + " to " + share(change.after());
    }

    /** The 95 % interval in percent: {@code [75.0, 85.8]}. */
    public static String interval(Accuracy accuracy) {
        return interval(accuracy.low(), accuracy.high());
    }

    /** The interval of another estimate of a share, in percent. */
    static String interval(Estimate share) {
        return interval(share.low(), share.high());
    }

    private static String interval(double low, double high) {
        return String.format(Locale.ROOT, "[%.1f, %.1f]", 100 * low, 100 * high);
    }

    /** The milliseconds of a right answer, or a dash if none is right. */
    static String millisPerRightAnswer(SetResult result) {
        Cost cost = result.costPerRightAnswer();
        return cost == null ? UNKNOWN : tenth(cost.millis());
    }

    /** A difference of shares in percentage points: {@code +12.5}. */
    static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f", 100 * difference);
    }

    /** The 95 % interval of a difference, in percentage points: {@code [+6.0, +19.0]}. */
    static String pointInterval(Estimate difference) {
        return String.format(
                Locale.ROOT, "[%+.1f, %+.1f]", 100 * difference.low(), 100 * difference.high());
    }

    /**
     * A p-value to three decimals, because more would suggest false precision; a dash if there is
     * none.
     */
    static String pValue(@Nullable Double p) {
        if (p == null) {
            return UNKNOWN;
        }
        return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** One decimal. */
    static String tenth(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** A number with this many decimals and commas every three digits. */
    static String decimal(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Four significant digits, without trailing noise: a loss or a log-probability. */
    static String loss(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** An integer with commas every three digits. */
    static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A count, or a dash if there is none. */
    static String orDash(@Nullable Integer count) {
        return count == null ? UNKNOWN : grouped(count);
    }
}
