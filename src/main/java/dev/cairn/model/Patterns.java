package dev.cairn.model;

import dev.cairn.CairnException;
import java.util.regex.Pattern;

/**
 * Regular expressions of adapters, which may come from anybody: some would try for years whether
 * they match the name of a layer.
 */
final class Patterns {
    /** A harmless pattern looks at each of a name's hundred characters a few times. */
    private static final int MOST_LOOKS = 1_000_000;

    private Patterns() {}

    /**
     * Whether the whole name matches.
     *
     * @throws CairnException when that takes too long to find out
     * @throws java.util.regex.PatternSyntaxException if it is no regular expression
     */
    static boolean matches(String regex, String name) {
        try {
            return Pattern.compile(regex).matcher(new Watched(regex, name)).matches();
        } catch (StackOverflowError e) {
            throw tooMuch(regex, e);
        }
    }

    private static CairnException tooMuch(String regex, Throwable cause) {
        return new CairnException(
                "the regular expression %s takes too long to match; write a simpler one"
                        .formatted(regex),
                cause);
    }

    /** Text that counts how often the matcher looks at it. */
    private static final class Watched implements CharSequence {
        private final String regex;
        private final String text;
        private int looks;

        Watched(String regex, String text) {
            this.regex = regex;
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw tooMuch(regex, new IllegalStateException("backtracks without end"));
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
