package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import dev.cairn.text.jinja.syntax.PyText;
import java.util.ArrayList;
import java.util.List;

/** Splits text into lists: at separators, at white space, or into lines. */
final class Splits {
    private final Budget budget;

    Splits(Budget budget) {
        this.budget = budget;
    }

    /** {@code str.splitlines}. */
    List<Object> lines(String s, boolean keepEnds) {
        List<Object> lines = PyText.splitLines(s, keepEnds);
        budget.text(s.length());
        budget.elements(lines.size());
        return lines;
    }

    /** {@code str.split} and {@code str.rsplit}. */
    List<Object> split(String s, Args args, boolean fromRight) {
        Object separator = args.get(0, "sep", None.NONE);
        long max = args.count(1, "maxsplit", -1);
        long limit = max < 0 ? Long.MAX_VALUE : max;
        budget.text(s.length());
        List<Object> parts;
        if (separator != None.NONE) {
            String sep = Values.text(separator, args.callee());
            if (sep.isEmpty()) {
                throw new Fault(args.callee() + " needs a non-empty separator");
            }
            budget.work((long) s.length() * sep.length());
            parts = fromRight ? splitRight(s, sep, limit) : split(s, sep, limit);
        } else if (fromRight && max >= 0) {
            throw Fault.unsupported("rsplit() at white space with a limit");
        } else {
            parts = words(s, limit);
        }
        budget.elements(parts.size());
        return parts;
    }

    static List<Object> split(String s, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        int at = s.indexOf(separator);
        while (at >= 0 && parts.size() < limit) {
            parts.add(s.substring(from, at));
            from = at + separator.length();
            at = s.indexOf(separator, from);
        }
        parts.add(s.substring(from));
        return parts;
    }

    private static List<Object> splitRight(String s, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int to = s.length();
        int at = s.lastIndexOf(separator);
        while (at >= 0 && parts.size() < limit) {
            parts.add(s.substring(at + separator.length(), to));
            to = at;
            at = at < separator.length() ? -1 : s.lastIndexOf(separator, at - separator.length());
        }
        parts.add(s.substring(0, to));
        return parts.reversed();
    }

    private static List<Object> words(String s, long limit) {
        List<Object> words = new ArrayList<>();
        String rest = PyText.lstrip(s);
        int from = s.length() - rest.length();
        while (from < s.length()) {
            int to = words.size() < limit ? wordEnd(s, from) : PyText.rstrip(s).length();
            words.add(s.substring(from, to));
            from = to;
            while (from < s.length() && PyText.isSpace(s.charAt(from))) {
                from++;
            }
        }
        return words;
    }

    private static int wordEnd(String s, int from) {
        int to = from;
        while (to < s.length() && !PyText.isSpace(s.charAt(to))) {
            to++;
        }
        return to;
    }
}
