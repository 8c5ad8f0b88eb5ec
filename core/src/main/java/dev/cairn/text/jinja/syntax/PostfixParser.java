package dev.cairn.text.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses what follows a value: members, calls, filters and tests. */
final class PostfixParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final PrimaryParser primaries;

    PostfixParser(Tokens tokens, ExpressionParser expressions, PrimaryParser primaries) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.primaries = primaries;
    }

    Expr postfix(Expr value) {
        Expr result = value;
        while (true) {
            if (tokens.skipOperator(".")) {
                result = member(result);
            } else if (tokens.skipOperator("[")) {
                result = subscript(result);
            } else if (tokens.current().isOperator("(")) {
                result = new Expr.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expr member(Expr object) {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> new Expr.Attribute(object, token.text());
            case INTEGER ->
                    new Expr.Item(object, new Expr.Constant(PrimaryParser.integer(token.text())));
            default -> throw new Fault("expected a name after '.', found " + token.describe());
        };
    }

    private Expr subscript(Expr object) {
        Expr start = sliceEnds() ? null : expressions.expression();
        if (start != null && tokens.skipOperator("]")) {
            return new Expr.Item(object, start);
        }
        tokens.expectOperator(":");
        Expr stop = sliceEnds() ? null : expressions.expression();
        Expr step = tokens.skipOperator(":") && !sliceEnds() ? expressions.expression() : null;
        tokens.expectOperator("]");
        return new Expr.Slice(object, start, stop, step);
    }

    private boolean sliceEnds() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]");
    }

    private Expr.Arguments arguments() {
        tokens.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        List<Expr.Named> named = new ArrayList<>();
        tokens.elements(")", () -> argument(positional, named));
        return new Expr.Arguments(positional, named);
    }

    private void argument(List<Expr> positional, List<Expr.Named> named) {
        if (tokens.current().isOperator("*") || tokens.current().isOperator("**")) {
            throw Fault.unsupported("'" + tokens.current().text() + "' before an argument");
        }
        if (tokens.current().kind() == Token.Kind.NAME && tokens.after().isOperator("=")) {
            String name = tokens.next().text();
            tokens.next();
            named.add(new Expr.Named(name, expressions.expression()));
        } else if (named.isEmpty()) {
            positional.add(expressions.expression());
        } else {
            throw new Fault("a positional argument follows a named one");
        }
    }

    Expr filtersAndTests(Expr value) {
        Expr result = value;
        while (true) {
            if (tokens.skipOperator("|")) {
                Stmt.FilterCall filter = filter();
                result = new Expr.Filter(result, filter.name(), filter.arguments());
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else {
                return result;
            }
        }
    }

    /** A filter after its bar. */
    Stmt.FilterCall filter() {
        String name = tokens.expect(Token.Kind.NAME).text();
        boolean hasArguments = tokens.current().isOperator("(");
        return new Stmt.FilterCall(name, hasArguments ? arguments() : Expr.Arguments.NONE);
    }

    private Expr test(Expr value) {
        boolean isNegated = tokens.skipName("not");
        String name = tokens.expect(Token.Kind.NAME).text();
        Expr.Arguments arguments = Expr.Arguments.NONE;
        if (tokens.current().isOperator("(")) {
            arguments = arguments();
        } else {
            Expr operand = operand();
            if (operand != null) {
                arguments = new Expr.Arguments(List.of(operand), List.of());
            }
        }
        Expr test = new Expr.Test(value, name, arguments);
        return isNegated ? new Expr.Not(test) : test;
    }

    /** The argument of a test without parentheses, as in {@code x is equalto 1}. */
    private @Nullable Expr operand() {
        Token token = tokens.current();
        boolean begins =
                switch (token.kind()) {
                    case NAME -> !Set.of("else", "or", "and", "if", "is").contains(token.text());
                    case STRING, INTEGER, FLOAT -> true;
                    case OPERATOR -> token.isOperator("[") || token.isOperator("{");
                    default -> false;
                };
        return begins ? postfix(primaries.primary()) : null;
    }
}
