package dev.cairn.support;

import dev.cairn.CairnException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matches untrusted regular expressions and texts in bounded time: some combinations would keep
 * {@link Pattern} busy for years.
 */
public final class BoundedMatch {
    /**
     * Limit of character accesses per match; a harmless pattern looks at each character a few
     * times.
     */
    private static final long LOOKS = 1_000_000;

    private static final long LOOKS_PER_CHARACTER = 1_000;

    private BoundedMatch() {}

    /**
     * Whether the whole text matches.
     *
     * @throws CairnException when matching takes too long
     */
    public static boolean matches(Pattern pattern, String text) {
        return with(pattern, text, Matcher::matches);
    }

    /**
     * Runs {@code use} with a matcher of the pattern on the text, and returns its result.
     *
     * @param use must take groups out of the matcher as strings before it returns
     * @throws CairnException when matching takes too long
     */
    public static <T> T with(Pattern pattern, String text, Function<Matcher, T> use) {
        try {
            return use.apply(pattern.matcher(new Watched(pattern, text)));
        } catch (StackOverflowError e) {
            throw tooMuch(pattern, e);
        }
    }

    private static CairnException tooMuch(Pattern pattern, Throwable cause) {
        return new CairnException(
                "the regular expression %s takes too long to match; write a simpler one"
                        .formatted(pattern),
                cause);
    }

    /** A text that counts how often the matcher reads a character. */
    private static final class Watched implements CharSequence {
        private final Pattern pattern;
        private final String text;
        private long left;

        Watched(Pattern pattern, String text) {
            this.pattern = pattern;
            this.text = text;
            this.left = LOOKS + LOOKS_PER_CHARACTER * text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw tooMuch(pattern, new IllegalStateException("too much backtracking"));
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
