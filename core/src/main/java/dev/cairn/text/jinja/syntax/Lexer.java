package dev.cairn.text.jinja.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens. A dialect that trims blocks ({@code trim_blocks} and {@code
 * lstrip_blocks}) removes the line break after a block and the white space before a block that
 * begins its line.
 */
public final class Lexer {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(?:_\\d+)*(?:\\.\\d+(?:_\\d+)*(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern INTEGER = Pattern.compile("\\d+(?:_\\d+)*");
    private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern OPERATOR =
            Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,]");

    private final String source;
    private final Dialect dialect;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    public Lexer(String template, Dialect dialect) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        boolean dropsBreak = !dialect.keepsLastBreak() && lines.endsWith("\n");
        this.source = dropsBreak ? lines.substring(0, lines.length() - 1) : lines;
        this.dialect = dialect;
    }

    /** The line of the last token read. */
    public int line() {
        return line;
    }

    public List<Token> run() {
        while (at < source.length()) {
            int begin = nextTag();
            if (begin < 0) {
                text(source.substring(at));
                moveTo(source.length());
                break;
            }
            tag(begin);
        }
        add(Token.Kind.END, "");
        return tokens;
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int begin) {
        char kind = source.charAt(begin + 1);
        char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
        text(before(begin, kind, sign));
        moveTo(begin);
        Matcher raw = matcher(RAW);
        if (kind == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        int inside = begin + (sign == '-' || sign == '+' ? 3 : 2);
        switch (kind) {
            case '#' -> comment(inside);
            case '%' -> inside(inside, Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
            default -> inside(inside, Token.Kind.VARIABLE_BEGIN, Token.Kind.VARIABLE_END, "}}");
        }
    }

    /** The plain text before a tag, without what the tag's sign or the options strip. */
    private String before(int begin, char kind, char sign) {
        String text = source.substring(at, begin);
        if (sign == '-') {
            return PyText.rstrip(text);
        }
        if (sign == '+' || kind == '{' || !dialect.trimsBlocks()) {
            return text;
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean beginsLine = lineStart > 0 || at == 0 || source.charAt(at - 1) == '\n';
        return beginsLine && PyText.strip(text.substring(lineStart)).isEmpty()
                ? text.substring(0, lineStart)
                : text;
    }

    private void raw(Matcher begin) {
        moveTo(begin.end());
        if (!begin.group(2).isEmpty()) {
            skipSpace();
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw new Fault("{% raw %} without its {% endraw %}");
        }
        String sign = end.group(1);
        text(before(end.start(), '%', sign.isEmpty() ? ' ' : sign.charAt(0)));
        moveTo(end.end());
        afterBlock(end.group(2));
    }

    private void comment(int from) {
        int end = source.indexOf("#}", from);
        if (end < 0) {
            throw new Fault("{# without its #}");
        }
        String sign = end > from ? source.substring(end - 1, end) : "";
        moveTo(end + 2);
        afterBlock(sign);
    }

    private void inside(int from, Token.Kind begin, Token.Kind endKind, String end) {
        add(begin, "");
        moveTo(from);
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skipSpace();
            if (at >= source.length()) {
                throw new Fault("a tag is not closed by " + end);
            }
            if (open.isEmpty() && closes(end)) {
                String sign = source.startsWith(end, at) ? "" : source.substring(at, at + 1);
                add(endKind, "");
                moveTo(at + sign.length() + 2);
                if (endKind == Token.Kind.BLOCK_END) {
                    afterBlock(sign);
                } else if (sign.equals("-")) {
                    skipSpace();
                }
                return;
            }
            expressionToken(open);
        }
    }

    private boolean closes(String end) {
        return source.startsWith(end, at)
                || source.startsWith("-" + end, at)
                || (end.equals("%}") && source.startsWith("+" + end, at));
    }

    private void afterBlock(String sign) {
        if (sign.equals("-")) {
            skipSpace();
        } else if (dialect.trimsBlocks() && !sign.equals("+") && source.startsWith("\n", at)) {
            moveTo(at + 1);
        }
    }

    private void expressionToken(Deque<Character> open) {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            string(c);
        } else if (Character.isDigit(c)) {
            number();
        } else if (!match(NAME, Token.Kind.NAME)) {
            balance(c, open);
            if (!match(OPERATOR, Token.Kind.OPERATOR)) {
                throw new Fault(
                        "unexpected character '"
                                + Character.toString(source.codePointAt(at))
                                + "'");
            }
        }
    }

    private static void balance(char c, Deque<Character> open) {
        if ("([{".indexOf(c) >= 0) {
            open.push(c);
        } else if (")]}".indexOf(c) >= 0
                && (open.isEmpty() || "([{".indexOf(open.pop()) != ")]}".indexOf(c))) {
            throw new Fault("unexpected '" + c + "'");
        }
    }

    private void number() {
        boolean afterDot = source.charAt(at - 1) == '.';
        if (source.startsWith("0x", at)
                || source.startsWith("0b", at)
                || source.startsWith("0o", at)) {
            throw Fault.unsupported("a number that begins with " + source.substring(at, at + 2));
        }
        if (afterDot || !match(FLOAT, Token.Kind.FLOAT)) {
            match(INTEGER, Token.Kind.INTEGER);
        }
    }

    private void string(char quote) {
        int i = at + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        if (i >= source.length()) {
            throw new Fault("a string is not closed by " + quote);
        }
        add(Token.Kind.STRING, PyText.unescape(source.substring(at + 1, i)));
        moveTo(i + 1);
    }

    private boolean match(Pattern pattern, Token.Kind kind) {
        Matcher matcher = matcher(pattern);
        if (!matcher.lookingAt()) {
            return false;
        }
        add(kind, matcher.group());
        moveTo(matcher.end());
        return true;
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(source).region(at, source.length());
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.TEXT, text);
        }
    }

    private void skipSpace() {
        int i = at;
        while (i < source.length() && PyText.isSpace(source.charAt(i))) {
            i++;
        }
        moveTo(i);
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void moveTo(int to) {
        for (int i = at; i < to; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        at = to;
    }
}
