package dev.cairn.support;

import dev.cairn.CairnException;

/** Range checks for settings, with uniform error messages. */
public final class Range {
    /** As a lower bound: greater than 0. */
    public static final double ABOVE_0 = Double.MIN_VALUE;

    private Range() {}

    /**
     * Checks a count.
     *
     * @param key the setting's name as written in the file or on the command line
     * @throws CairnException if {@code value} is below {@code min}
     */
    public static void atLeast(String key, long value, long min) {
        if (value < min) {
            throw new CairnException(key + ": expected at least " + min + ", found " + value);
        }
    }

    /**
     * Checks a number. NaN is in no range.
     *
     * @param key the setting's name as written in the file or on the command line
     * @param min the smallest value allowed, or {@link #ABOVE_0}
     * @param max the largest value allowed
     * @throws CairnException if {@code value} is not within {@code min} and {@code max}
     */
    public static void within(String key, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new CairnException(
                    "%s: expected %s and at most %s, found %s"
                            .formatted(
                                    key,
                                    min == ABOVE_0 ? "above 0" : "at least " + shown(min),
                                    shown(max),
                                    shown(value)));
        }
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
