package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import dev.cairn.text.jinja.syntax.PyText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Transforms text as Python's methods, and the filters of the same names, do. */
final class Texts {
    private final Budget budget;

    Texts(Budget budget) {
        this.budget = budget;
    }

    /** {@code str.strip}: of white space, or of any of the given characters. */
    String strip(String s, Args args, boolean left, boolean right) {
        Object characters = args.only("chars").get(0, "chars", None.NONE);
        String chars = characters == None.NONE ? null : Values.text(characters, "strip");
        budget.work(chars == null ? s.length() : (long) s.length() * Math.max(1, chars.length()));
        int from = 0;
        int to = s.length();
        while (left && from < to && strips(s.codePointAt(from), chars)) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && to > from && strips(s.codePointBefore(to), chars)) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return budget.made(s.substring(from, to));
    }

    private static boolean strips(int c, @Nullable String chars) {
        return chars == null ? PyText.isSpace(c) : chars.indexOf(c) >= 0;
    }

    /** {@code str.replace}; a negative count replaces all. */
    String replace(String s, Args args) {
        args.only("old", "new", "count");
        String old = args.text(0, "old");
        String by = args.text(1, "new");
        int count = args.count(2, "count", -1);
        long limit = count < 0 ? Long.MAX_VALUE : count;
        budget.work((long) s.length() * Math.max(1, old.length()));
        StringBuilder text = new StringBuilder();
        if (old.isEmpty()) {
            throw Fault.unsupported("replace() of an empty string");
        }
        int from = 0;
        int at = s.indexOf(old);
        for (long i = 0; at >= 0 && i < limit; i++) {
            budget.text((long) at - from + by.length());
            text.append(s, from, at).append(by);
            from = at + old.length();
            at = s.indexOf(old, from);
        }
        budget.text(s.length() - from);
        return text.append(s, from, s.length()).toString();
    }

    String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        return budget.made(
                Character.toString(Character.toTitleCase(s.codePointAt(0)))
                        + s.substring(first).toLowerCase(Locale.ROOT));
    }

    /** {@code str.title}: a word begins after any non-letter. */
    String title(String s) {
        StringBuilder text = new StringBuilder();
        boolean inWord = false;
        for (int c : s.codePoints().toArray()) {
            text.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return budget.made(text.toString());
    }

    /** {@code separator.join(texts)}. */
    String join(String separator, List<Object> texts) {
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Object item : texts) {
            String text = Values.text(item, "str.join()");
            budget.text((long) before.length() + text.length());
            joined.append(before).append(text);
            before = separator;
        }
        return joined.toString();
    }
}
