package dev.cairn.text.jinja.syntax;

import java.util.ArrayList;
import java.util.List;

/** Python's string operations where they differ from Java's. */
public final class PyText {
    private PyText() {}

    /**
     * {@code str.isspace}, which includes no-break spaces and U+0085. All of them are in the basic
     * plane.
     */
    public static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    public static String strip(String text) {
        return lstrip(rstrip(text));
    }

    public static String lstrip(String text) {
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    public static String rstrip(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The characters, as Python counts them. */
    public static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>();
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    /** {@code str.splitlines(keepends)}. */
    public static List<Object> splitLines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isLineBreak(text.charAt(i))) {
                int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(text.substring(start, keepEnds ? end : i));
                start = end;
                i = end - 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean isLineBreak(char c) {
        return (c >= '\n' && c <= '\r')
                || (c >= 0x1c && c <= 0x1e)
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    /** The value of a string literal; an escape Python does not know stays as it is. */
    static String unescape(String literal) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(++i);
            int digits =
                    switch (escape) {
                        case 'x' -> 2;
                        case 'u' -> 4;
                        case 'U' -> 8;
                        default -> 0;
                    };
            if (digits > 0) {
                text.appendCodePoint(hex(literal, i + 1, digits));
                i += digits;
            } else {
                simpleEscape(escape, text);
            }
        }
        return text.toString();
    }

    private static void simpleEscape(char escape, StringBuilder text) {
        int known = "ntr\\'\"abfv".indexOf(escape);
        if (known >= 0) {
            text.append("\n\t\r\\'\"\u0007\b\f\u000b".charAt(known));
        } else if ((escape >= '0' && escape <= '7') || escape == 'N') {
            throw Fault.unsupported("the escape \\" + escape);
        } else if (escape != '\n') {
            text.append('\\').append(escape);
        }
    }

    private static int hex(String literal, int from, int digits) {
        String hex = literal.substring(from, Math.min(from + digits, literal.length()));
        if (!hex.matches("[0-9a-fA-F]{" + digits + "}")
                || !Character.isValidCodePoint((int) Long.parseLong(hex, 16))) {
            throw new Fault("a string has an invalid escape: \\..." + hex);
        }
        return (int) Long.parseLong(hex, 16);
    }

    /** Python's string order: by code points, unlike Java's order by UTF-16 units. */
    public static int compare(String left, String right) {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        return java.util.Arrays.compare(a, b);
    }
}
