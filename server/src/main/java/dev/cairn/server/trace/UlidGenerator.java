package dev.cairn.server.trace;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Generates ULIDs (github.com/ulid/spec), ids that sort by creation time: 48 bits of milliseconds
 * and 80 random bits in 26 digits. Within a millisecond, and when the clock goes back, the last id
 * is incremented.
 */
final class UlidGenerator {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 8;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long millis;

    /** The random bits in two halves of 40. */
    private long high;

    private long low;

    private UlidGenerator(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    static UlidGenerator of(InstantSource clock) {
        return new UlidGenerator(clock, new SecureRandom());
    }

    /** The next id, greater than all before. */
    synchronized String next() {
        long now = clock.millis();
        if (now > millis) {
            millis = now;
            // Leaves half of the range for increments.
            high = random.nextLong(1L << 39);
            low = random.nextLong(1L << 40);
        } else {
            low = (low + 1) & ((1L << 40) - 1);
            high += low == 0 ? 1 : 0;
        }
        return digits(millis, TIME_DIGITS)
                + digits(high, RANDOM_DIGITS)
                + digits(low, RANDOM_DIGITS);
    }

    /** The smallest id of an instant. */
    static String firstOf(Instant instant) {
        return digits(Math.max(0, instant.toEpochMilli()), TIME_DIGITS);
    }

    private static String digits(long value, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int shift = 5 * (count - 1); shift >= 0; shift -= 5) {
            text.append(DIGITS.charAt((int) (value >>> shift) & 31));
        }
        return text.toString();
    }
}
