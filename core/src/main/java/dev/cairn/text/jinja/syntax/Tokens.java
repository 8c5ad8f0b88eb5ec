package dev.cairn.text.jinja.syntax;

import java.util.List;

/** A cursor over the tokens of a template. */
public final class Tokens {
    /** Maximum nesting of brackets, blocks and signs; anything deeper is hostile. */
    private static final int MAX_NESTING = 100;

    private final List<Token> tokens;
    private int at;
    private int nesting;

    public Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    public Token current() {
        return tokens.get(at);
    }

    Token after() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            at++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            at++;
        }
        return found;
    }

    Token expect(Token.Kind kind) {
        if (current().kind() != kind) {
            throw new Fault(
                    "expected "
                            + new Token(kind, "name", 0).describe()
                            + ", found "
                            + current().describe());
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw new Fault("expected '" + operator + "', found " + current().describe());
        }
    }

    /** Parses comma-separated elements up to the closing bracket; a trailing comma is allowed. */
    void elements(String end, Runnable element) {
        boolean isFirst = true;
        while (!skipOperator(end)) {
            if (!isFirst) {
                expectOperator(",");
                if (skipOperator(end)) {
                    return;
                }
            }
            isFirst = false;
            element.run();
        }
    }

    void enter() {
        if (++nesting > MAX_NESTING) {
            throw new Fault("nested more than " + MAX_NESTING + " levels deep");
        }
    }

    void leave() {
        nesting--;
    }
}
