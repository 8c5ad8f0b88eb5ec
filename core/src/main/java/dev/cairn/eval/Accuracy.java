package dev.cairn.eval;

import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * A share, usually of correct answers, with its 95 % confidence interval.
 *
 * @param correct number of correct answers, or of whatever is counted
 * @param total questions asked
 * @param low lower end of the interval, a share between 0 and 1
 * @param high upper end of the interval, a share between 0 and 1
 */
public record Accuracy(int correct, int total, double low, double high) {
    private static final double ERROR_RATE = 0.05;

    /**
     * The Wilson score interval (E. B. Wilson, 1927), which stays inside 0..1 and keeps its
     * coverage near both ends. Without questions the interval is 0..1.
     */
    public static Accuracy of(int correct, int total) {
        if (total == 0) {
            return new Accuracy(0, 0, 0, 1);
        }
        Interval interval =
                BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(total, correct, ERROR_RATE);
        // Rounding may move the bounds slightly out of the range.
        return new Accuracy(
                correct,
                total,
                Math.max(0, interval.getLowerBound()),
                Math.min(1, interval.getUpperBound()));
    }

    /** Share of correct answers between 0 and 1; 0 if nothing was asked. */
    public double rate() {
        return total == 0 ? 0 : (double) correct / total;
    }
}
