package dev.cairn.support;

import dev.cairn.CairnException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matches texts and regular expressions that may come from anybody, in bounded time: some pairs
 * would keep {@link Pattern} trying for years.
 */
public final class BoundedMatch {
    /** A harmless pattern looks at each character a few times. */
    private static final long LOOKS = 1_000_000;

    private static final long LOOKS_PER_CHARACTER = 1_000;

    private BoundedMatch() {}

    /**
     * Whether the whole text matches.
     *
     * @throws CairnException when that takes too long to find out
     */
    public static boolean matches(Pattern pattern, String text) {
        return with(pattern, text, Matcher::matches);
    }

    /**
     * What a matcher is used for.
     *
     * @param use takes groups out of the matcher as text before it returns
     * @throws CairnException when that takes too long
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

    /** Text that counts how often the matcher looks at it. */
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
                throw tooMuch(pattern, new IllegalStateException("backtracks without end"));
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
