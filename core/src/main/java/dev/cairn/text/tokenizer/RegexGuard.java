package dev.cairn.text.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Accepts only regular expressions that are cheap on any text, because the native library cannot
 * interrupt a slow one. Tokenizers use just these: alternatives, each with at most two repetitions
 * of single characters or classes, and only optional elements after the second. Bounded repetitions
 * count too.
 */
final class RegexGuard {
    private static final int MAX_LENGTH = 4000;
    private static final int MAX_COUNT = 64;

    /** State of the alternative being parsed. */
    private static final class Branch {
        int unbounded;
        boolean repeats;
        boolean branches;

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
        branch.unbounded = 0;
        branch.branches = true;
        at++;
        return true;
    }

    private boolean begin() {
        Branch group = new Branch();
        at++;
        if (regex.startsWith("?", at)) {
            String head = regex.substring(at, Math.min(at + 3, regex.length()));
            if (head.startsWith("?=") || head.startsWith("?!")) {
                group.looks = true;
                at += 2;
            } else if (head.equals("?<=") || head.equals("?<!")) {
                group.looks = true;
                at += 3;
            } else if (head.startsWith("?:")) {
                at += 2;
            } else if (head.equals("?i:")) {
                at += 3;
            } else {
                return false;
            }
        }
        open.push(group);
        return open.size() < MAX_COUNT;
    }

    private boolean end() {
        Branch group = open.pop();
        at++;
        boolean simple = !group.repeats && !group.branches;
        if (group.looks) {
            open.element().repeats |= group.repeats;
            return !group.repeats && quantifier() == 0;
        }
        int max = quantifier();
        if (max < 0 || (max > 1 && !simple) || (group.repeats && open.size() > 1)) {
            return false;
        }
        return count(max) && (!group.repeats || ++open.element().unbounded <= 2);
    }

    private boolean atom() {
        int max = quantifier();
        return max >= 0 && count(max);
    }

    /** Adds an element that may occur up to {@code max} times. */
    private boolean count(int max) {
        Branch branch = open.element();
        // A required element after a second repetition could make the matcher try all lengths of
        // both.
        if (branch.unbounded >= 2 && max != 1) {
            return false;
        }
        if (max > 1) {
            branch.repeats = true;
            branch.unbounded++;
        }
        return branch.unbounded <= 2;
    }

    /** 0 without a quantifier, 1 for "?", more for repetitions, -1 if it is not allowed. */
    private int quantifier() {
        if (at >= regex.length()) {
            return 0;
        }
        int max =
                switch (regex.charAt(at)) {
                    case '*', '+' -> MAX_COUNT;
                    case '?' -> 1;
                    case '{' -> braces();
                    default -> 0;
                };
        if (max != 0) {
            at++;
        }
        // Lazy and possessive forms, and quantifiers of quantifiers.
        boolean again = max != 0 && at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0;
        return again ? -1 : max;
    }

    private int braces() {
        int end = regex.indexOf('}', at);
        String counts = end < 0 ? "" : regex.substring(at + 1, end);
        if (!counts.matches("\\d{1,2}(,\\d{0,2})?")) {
            return -1;
        }
        at = end;
        return MAX_COUNT;
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
