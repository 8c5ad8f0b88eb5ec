package dev.cairn.support;

import dev.cairn.CairnException;

/** Checks of settings against their ranges, with one wording for all. */
public final class Range {
    /** As a lower bound: greater than 0. */
    public static final double ABOVE_0 = Double.MIN_VALUE;

    private Range() {}

    /**
     * Checks a count.
     *
     * @param key the setting's name as the person wrote it
     * @throws CairnException when {@code value} is below {@code min}
     */
    public static void atLeast(String key, long value, long min) {
        if (value < min) {
            throw new CairnException(key + ": expected at least " + min + ", found " + value);
        }
    }

    /**
     * Checks a number. NaN is in no range.
     *
     * @param key the setting's name as the person wrote it
     * @param min the least value allowed, or {@link #ABOVE_0}
     * @throws CairnException when {@code value} is not within {@code min} and {@code max}
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
