package dev.cairn.text.jinja.syntax;

import java.util.ArrayList;
import java.util.List;

/** Parses names, literals and bracketed expressions. */
final class PrimaryParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    PrimaryParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expr primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> string(token.text());
            case INTEGER -> new Expr.Constant(integer(token.text()));
            case FLOAT -> new Expr.Constant(Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR -> bracket(token);
            default -> throw new Fault("expected a value, found " + token.describe());
        };
    }

    private static Expr name(String name) {
        return switch (name) {
            case "true", "True" -> new Expr.Constant(true);
            case "false", "False" -> new Expr.Constant(false);
            case "none", "None" -> new Expr.Constant(None.NONE);
            default -> new Expr.Name(name);
        };
    }

    private Expr string(String first) {
        StringBuilder text = new StringBuilder(first);
        while (tokens.current().kind() == Token.Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expr.Constant(text.toString());
    }

    static Long integer(String digits) {
        try {
            return Long.valueOf(digits.replace("_", ""));
        } catch (NumberFormatException e) {
            throw Fault.unsupported("an integer beyond 64 bits");
        }
    }

    private Expr bracket(Token token) {
        return switch (token.text()) {
            case "(" -> parenthesis();
            case "[" -> new Expr.ListOf(list());
            case "{" -> new Expr.DictOf(entries());
            default -> throw new Fault("expected a value, found " + token.describe());
        };
    }

    private Expr parenthesis() {
        if (tokens.skipOperator(")")) {
            return new Expr.TupleOf(List.of());
        }
        Expr value = expressions.tuple(true);
        tokens.expectOperator(")");
        return value;
    }

    private List<Expr> list() {
        List<Expr> items = new ArrayList<>();
        tokens.elements("]", () -> items.add(expressions.expression()));
        return items;
    }

    private List<Expr.Entry> entries() {
        List<Expr.Entry> entries = new ArrayList<>();
        tokens.elements("}", () -> entries.add(entry()));
        return entries;
    }

    private Expr.Entry entry() {
        Expr key = expressions.expression();
        tokens.expectOperator(":");
        return new Expr.Entry(key, expressions.expression());
    }
}
