package dev.cairn.text.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Accepts only regular expressions that are cheap on any text, because the native library cannot
 * interrupt a slow one. Tokenizers use just these: alternatives, each with at most two repetitions
 * of single characters or classes, and only optional elements after the second. Bounded repetitions
 * count too; possessive ones do not, because they never go back.
 */
final class RegexGuard {
    private static final int MAX_LENGTH = 4000;
    private static final int MAX_COUNT = 64;

    private static final Pattern GROUP_HEAD =
            Pattern.compile("\\?(?:(=|!|<=|<!)|[:>]|<[A-Za-z_]\\w{0,30}>|-?[im]{1,2}:)");

    /** What follows an element. */
    private enum Quantifier {
        NONE,
        /** A number of times that leaves no choice. */
        EXACT,
        OPTIONAL,
        REPEATED,
        /** Repeated with braces. */
        BOUNDED,
        /** Repeated as often as possible, whatever follows. */
        POSSESSIVE,
        INVALID
    }

    /** State of the alternative being parsed. */
    private static final class Branch {
        int unbounded;

        /** The most repetitions in an alternative before this one. */
        int most;

        boolean repeats;
        boolean branches;

        /** Whether it holds exact counts, which multiply when they are nested. */
        boolean counts;

        /** Whether this group is a look-around, which consumes no text. */
        boolean looks;
    }

    private final String regex;
    private final Deque<Branch> open = new ArrayDeque<>();
    private int at;

    private RegexGuard(String regex) {
        this.regex = regex;
    }

    static boolean isHarmless(String regex) {
        return !regex.isEmpty() && regex.length() <= MAX_LENGTH && new RegexGuard(regex).check();
    }

    private boolean check() {
        open.push(new Branch());
        while (at < regex.length()) {
            if (!step()) {
                return false;
            }
        }
        return open.size() == 1;
    }

    private boolean step() {
        char c = regex.charAt(at);
        return switch (c) {
            case '|' -> alternative();
            case '(' -> begin();
            case ')' -> open.size() > 1 && end();
            case '[' -> skipClass() && atom();
            case '\\' -> escape() && atom();
            case '^', '$' -> ++at > 0;
            case '*', '+', '?', '{' -> false;
            default -> ++at > 0 && atom();
        };
    }

    private boolean alternative() {
        Branch branch = open.element();
        branch.most = Math.max(branch.most, branch.unbounded);
        branch.unbounded = 0;
        branch.branches = true;
        at++;
        return true;
    }

    private boolean begin() {
        Branch group = new Branch();
        at++;
        if (regex.startsWith("?", at)) {
            Matcher head = GROUP_HEAD.matcher(regex).region(at, regex.length());
            if (!head.lookingAt()) {
                return false;
            }
            group.looks = head.group(1) != null;
            at = head.end();
        }
        open.push(group);
        return open.size() < MAX_COUNT;
    }

    private boolean end() {
        Branch group = open.pop();
        Branch outer = open.element();
        at++;
        Quantifier quantifier = quantifier();
        outer.counts |= group.counts;
        if (group.looks) {
            // It is tried anew at every position that the outer repetitions reach.
            int most = Math.max(group.most, group.unbounded);
            outer.repeats |= group.repeats;
            outer.unbounded += most;
            return quantifier == Quantifier.NONE && most <= 1 && outer.unbounded <= 2;
        }
        boolean simple = !group.repeats && !group.branches;
        boolean allowed =
                switch (quantifier) {
                    case NONE, OPTIONAL -> true;
                    case REPEATED, POSSESSIVE -> simple;
                    case EXACT, BOUNDED -> simple && !group.counts;
                    case INVALID -> false;
                };
        if (!allowed || (group.repeats && open.size() > 1)) {
            return false;
        }
        outer.counts |= quantifier == Quantifier.EXACT;
        return count(quantifier) && (!group.repeats || ++outer.unbounded <= 2);
    }

    private boolean atom() {
        Quantifier quantifier = quantifier();
        open.element().counts |= quantifier == Quantifier.EXACT;
        return quantifier != Quantifier.INVALID && count(quantifier);
    }

    private boolean count(Quantifier quantifier) {
        Branch branch = open.element();
        // A required element after a second repetition could make the matcher try all lengths of
        // both.
        if (branch.unbounded >= 2 && quantifier != Quantifier.OPTIONAL) {
            return false;
        }
        switch (quantifier) {
            case REPEATED, BOUNDED -> {
                branch.repeats = true;
                branch.unbounded++;
            }
            case POSSESSIVE -> branch.repeats = true;
            case NONE, EXACT, OPTIONAL, INVALID -> {}
        }
        return branch.unbounded <= 2;
    }

    private Quantifier quantifier() {
        Quantifier greedy =
                switch (peek()) {
                    case '*', '+' -> Quantifier.REPEATED;
                    case '?' -> Quantifier.OPTIONAL;
                    case '{' -> braces();
                    default -> Quantifier.NONE;
                };
        if (greedy == Quantifier.NONE || greedy == Quantifier.INVALID) {
            return greedy;
        }
        at++;
        char next = peek();
        if (next != '+' && next != '?') {
            return next == '*' || next == '{' ? Quantifier.INVALID : greedy;
        }
        at++;
        return "*+?{".indexOf(peek()) >= 0 ? Quantifier.INVALID : with(greedy, next == '+');
    }

    /** A quantifier's possessive or lazy form. */
    private Quantifier with(Quantifier greedy, boolean isPossessive) {
        return switch (greedy) {
            // After braces, the library takes "+" for a quantifier of a quantifier, and "?" too
            // where the count is exact.
            case BOUNDED ->
                    !isPossessive ? greedy : isLast() ? Quantifier.POSSESSIVE : Quantifier.INVALID;
            case EXACT -> isPossessive && isLast() ? Quantifier.POSSESSIVE : Quantifier.INVALID;
            case REPEATED -> isPossessive ? Quantifier.POSSESSIVE : greedy;
            case OPTIONAL -> greedy;
            case NONE, POSSESSIVE, INVALID -> Quantifier.INVALID;
        };
    }

    /** Whether the whole expression has matched here, so that nothing can make it go back. */
    private boolean isLast() {
        return open.size() == 1 && (peek() == '|' || at == regex.length());
    }

    /** The next character; a zero at the end. */
    private char peek() {
        return at < regex.length() ? regex.charAt(at) : 0;
    }

    private Quantifier braces() {
        int end = regex.indexOf('}', at);
        String counts = end < 0 ? "" : regex.substring(at + 1, end);
        if (!counts.matches("\\d{1,2}(,\\d{0,2})?")) {
            return Quantifier.INVALID;
        }
        at = end;
        return counts.indexOf(',') < 0 ? Quantifier.EXACT : Quantifier.BOUNDED;
    }

    private boolean skipClass() {
        int depth = 0;
        do {
            if (at >= regex.length()) {
                return false;
            }
            char c = regex.charAt(at);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            at += c == '\\' ? 2 : 1;
        } while (depth > 0);
        return at <= regex.length();
    }

    /** Classes and characters; no references to groups. */
    private boolean escape() {
        if (at + 1 >= regex.length() || "kgKGRX123456789".indexOf(regex.charAt(at + 1)) >= 0) {
            return false;
        }
        boolean isProperty = "pPxu".indexOf(regex.charAt(at + 1)) >= 0;
        at += 2;
        if (isProperty && at < regex.length() && regex.charAt(at) == '{') {
            at = regex.indexOf('}', at) + 1;
        } else if (isProperty) {
            at++;
        }
        return at > 0 && at <= regex.length();
    }
}
