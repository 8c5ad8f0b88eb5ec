package dev.cairn.text.tokenizer;

/** Small helpers for messages and for text on its way to native code. */
public final class Texts {
    static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** What went wrong, in one line. */
    public static String oneLine(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** At most the first hundred characters, to keep a message on one line. */
    static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    /** The text with U+FFFD for every unpaired surrogate, which UTF-8 cannot encode. */
    public static String wellFormed(String text) {
        int i = 0;
        while (i < text.length() && !isLoneSurrogate(text, i)) {
            i += Character.charCount(text.codePointAt(i));
        }
        if (i == text.length()) {
            return text;
        }
        return text.codePoints()
                .map(c ->
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                                ? REPLACEMENT
                                : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isLoneSurrogate(String text, int i) {
        int c = text.codePointAt(i);
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
