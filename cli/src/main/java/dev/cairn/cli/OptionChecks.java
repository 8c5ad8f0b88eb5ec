package dev.cairn.cli;

import dev.cairn.CairnException;

/** Checks the values of options. */
final class OptionChecks {
    private OptionChecks() {}

    /** The value, which must not be less than {@code min}. */
    static long atLeast(String option, long min, long value) {
        if (value < min) {
            throw new CairnException(
                    "%s: expected at least %d, found %d".formatted(option, min, value));
        }
        return value;
    }
}
