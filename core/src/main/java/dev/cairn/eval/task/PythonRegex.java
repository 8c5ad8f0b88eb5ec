package dev.cairn.eval.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of Python's {@code re} in Java's syntax, where the two differ. What
 * only Java knows, such as {@code \p{L}}, stays.
 *
 * <p>Source: docs.python.org, "Regular expression syntax"; Javadoc of {@link Pattern}.
 */
final class PythonRegex {
    private static final String NAME = "([^\\W\\d]\\w*)";
    private static final Pattern NAMED =
            Pattern.compile("\\(\\?P?<" + NAME + ">", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NAMED_REFERENCE =
            Pattern.compile("\\(\\?P=" + NAME + "\\)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern FLAGS = Pattern.compile("\\(\\?([aiLmsux]*)(?:-([imsx]+))?([:)])");
    private static final Pattern QUANTIFIER = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}");
    private static final Pattern OCTAL = Pattern.compile("\\\\(0[0-7]{0,2}|[0-3][0-7]{2})");
    private static final Pattern LONG_CODE = Pattern.compile("\\\\U([0-9a-fA-F]{8})");

    private final String python;
    private final StringBuilder java = new StringBuilder();
    private final Map<String, String> names = new LinkedHashMap<>();

    /** For each open group whether it ignores white space and comments. */
    private final Deque<Boolean> verbose = new ArrayDeque<>();

    private int at;

    private PythonRegex(String python) {
        this.python = python;
        verbose.push(false);
    }

    /**
     * An expression in Java's syntax.
     *
     * @param names the names of its groups in Java, and what they are called in Python
     */
    record Translation(String java, Map<String, String> names) {}

    /**
     * Translates an expression.
     *
     * @throws PatternSyntaxException if it uses something that Java has no counterpart of
     */
    static Translation translate(String python) {
        PythonRegex regex = new PythonRegex(python);
        while (regex.at < python.length()) {
            regex.step();
        }
        return new Translation(regex.java.toString(), Map.copyOf(regex.names));
    }

    private void step() {
        char c = python.charAt(at);
        switch (c) {
            case '\\' -> escape(false);
            case '[' -> characterClass();
            case '(' -> group();
            case ')' -> {
                if (verbose.size() > 1) {
                    verbose.pop();
                }
                copy(1);
            }
            case '{' -> brace();
            case '#' -> {
                if (verbose.element()) {
                    int end = python.indexOf('\n', at);
                    at = end < 0 ? python.length() : end + 1;
                } else {
                    copy(1);
                }
            }
            default -> {
                if (verbose.element() && " \t\n\r\f\u000b".indexOf(c) >= 0) {
                    at++;
                } else {
                    copy(1);
                }
            }
        }
    }

    private void copy(int count) {
        java.append(python, at, Math.min(python.length(), at + count));
        at += count;
    }

    private void put(String text, int consumed) {
        java.append(text);
        at += consumed;
    }

    private void group() {
        Matcher named = matcher(NAMED);
        Matcher reference = matcher(NAMED_REFERENCE);
        Matcher flags = matcher(FLAGS);
        if (python.startsWith("(?#", at)) {
            int end = python.indexOf(')', at);
            at = end < 0 ? python.length() : end + 1;
        } else if (python.startsWith("(?(", at)) {
            throw new PatternSyntaxException(
                    "a choice by group, (?(...)...), is not supported", python, at);
        } else if (reference.lookingAt()) {
            put("\\k<" + javaName(reference.group(1)) + ">", reference.group().length());
        } else if (named.lookingAt()) {
            verbose.push(verbose.element());
            put("(?<" + javaName(named.group(1)) + ">", named.group().length());
        } else if (flags.lookingAt()) {
            flags(flags);
        } else {
            verbose.push(verbose.element());
            copy(1);
        }
    }

    /** White space is removed here, because Java would ignore it in character classes too. */
    private void flags(Matcher flags) {
        String on = flags.group(1);
        String off = flags.group(2) == null ? "" : flags.group(2);
        boolean ignores = (verbose.element() || on.indexOf('x') >= 0) && off.indexOf('x') < 0;
        if (flags.group(3).equals(":")) {
            verbose.push(ignores);
        } else {
            verbose.pop();
            verbose.push(ignores);
        }
        // Java's U makes \w, \d and \s know all of Unicode, which Python's a undoes.
        String kept = on.replaceAll("[aLux]", "");
        String without = off.replace("x", "") + (on.indexOf('a') >= 0 ? "U" : "");
        String java = "(?" + kept + (without.isEmpty() ? "" : "-" + without) + flags.group(3);
        put(java.equals("(?)") ? "" : java, flags.group().length());
    }

    /** Java's names have letters and digits of ASCII only. */
    private String javaName(String name) {
        for (Map.Entry<String, String> known : names.entrySet()) {
            if (known.getValue().equals(name)) {
                return known.getKey();
            }
        }
        String java = name.matches("[A-Za-z][A-Za-z0-9]*") ? name : "g" + (names.size() + 1) + "x";
        names.put(java, name);
        return java;
    }

    /** A brace that begins no quantifier stands for itself; a missing lower limit is 0. */
    private void brace() {
        Matcher quantifier = matcher(QUANTIFIER);
        boolean counts = quantifier.lookingAt() && !quantifier.group().equals("{}");
        if (!counts) {
            put("\\{", 1);
            return;
        }
        String from = quantifier.group(1).isEmpty() ? "0" : quantifier.group(1);
        put(
                "{" + from + quantifier.group(2) + quantifier.group(3) + "}",
                quantifier.group().length());
    }

    /** Within a class, Java takes another bracket and a double ampersand for set operations. */
    private void characterClass() {
        copy(1);
        if (python.startsWith("^", at)) {
            copy(1);
        }
        if (python.startsWith("]", at)) {
            put("\\]", 1);
        }
        while (at < python.length() && python.charAt(at) != ']') {
            switch (python.charAt(at)) {
                case '\\' -> escape(true);
                case '[' -> put("\\[", 1);
                case '&' -> put("\\&", 1);
                default -> copy(1);
            }
        }
        copy(1);
    }

    private void escape(boolean inClass) {
        Matcher octal = matcher(OCTAL);
        Matcher longCode = matcher(LONG_CODE);
        char next = at + 1 < python.length() ? python.charAt(at + 1) : 0;
        if (octal.lookingAt() && (!inClass || octal.group(1).length() > 0)) {
            put("\\x{%x}".formatted(Integer.parseInt(octal.group(1), 8)), octal.group().length());
        } else if (longCode.lookingAt()) {
            put("\\x{" + longCode.group(1).replaceFirst("^0{2,}", "") + "}", 10);
        } else if (next == 'v') {
            put("\\x0B", 2);
        } else if (next == 'b' && inClass) {
            put("\\x08", 2);
        } else if (next == 'Z' && !inClass) {
            put("\\z", 2);
        } else {
            copy(2);
        }
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(python).region(at, python.length());
    }
}
