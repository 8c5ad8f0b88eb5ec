package dev.cairn.text;

import java.util.regex.Pattern;

/**
 * Matches a person's regular expression against a text that anybody may have written, in bounded
 * time: {@link Pattern} may try for years where repetitions are nested.
 */
final class BoundedMatch {
    /** Some seconds of matching; honest patterns look at each character a few times. */
    private static final long MOST_STEPS = 50_000_000;

    private BoundedMatch() {}

    /** Ends a match from within; never leaves this class. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Pattern compile(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL);
    }

    /** Whether the whole text matches; a match that takes too long or too deep is none. */
    static boolean of(String pattern, String text) {
        try {
            return compile(pattern).matcher(new Counted(text)).matches();
        } catch (TooLong | StackOverflowError e) {
            return false;
        }
    }

    /** Counts how often the matcher looks at a character. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long steps;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
