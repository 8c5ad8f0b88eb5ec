package dev.cairn.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Expressions, with the precedence of jinja2's parser. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** One expression, or several with commas between them: a tuple. */
    Expr tuple(boolean withCondition) {
        Expr first = withCondition ? expression() : or();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(withCondition ? expression() : or());
        }
        return new Expr.TupleOf(items);
    }

    private boolean endsTuple() {
        Token.Kind kind = tokens.current().kind();
        return kind == Token.Kind.BLOCK_END
                || kind == Token.Kind.VARIABLE_END
                || tokens.current().isOperator(")");
    }

    Expr expression() {
        tokens.enter();
        Expr value = or();
        while (tokens.skipName("if")) {
            Expr test = or();
            Expr otherwise = tokens.skipName("else") ? expression() : null;
            value = new Expr.Conditional(value, test, otherwise);
        }
        tokens.leave();
        return value;
    }

    private Expr or() {
        Expr left = and();
        while (tokens.skipName("or")) {
            left = new Expr.Logic(false, left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (tokens.skipName("and")) {
            left = new Expr.Logic(true, left, not());
        }
        return left;
    }

    private Expr not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expr negated = new Expr.Not(not());
        tokens.leave();
        return negated;
    }

    private Expr comparison() {
        Expr first = sum();
        List<Expr.Operand> rest = new ArrayList<>();
        while (true) {
            if (tokens.current().kind() == Token.Kind.OPERATOR
                    && COMPARISONS.contains(tokens.current().text())) {
                String operator = tokens.next().text();
                rest.add(new Expr.Operand(operator, sum()));
            } else if (tokens.skipName("in")) {
                rest.add(new Expr.Operand("in", sum()));
            } else if (tokens.current().isName("not") && tokens.after().isName("in")) {
                tokens.next();
                tokens.next();
                rest.add(new Expr.Operand("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expr.Comparison(first, rest);
            }
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = new Expr.Binary(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expr concatenation() {
        List<Expr> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expr.Concatenation(parts);
    }

    private Expr product() {
        Expr left = power();
        while (Set.of("*", "/", "//", "%").contains(operator())) {
            left = new Expr.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private String operator() {
        return tokens.current().kind() == Token.Kind.OPERATOR ? tokens.current().text() : "";
    }

    private Expr power() {
        Expr left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expr.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expr unary(boolean withFilters) {
        Expr value;
        if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
            tokens.enter();
            value = new Expr.Signed(tokens.next().text(), unary(false));
            tokens.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expr primary() {
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

    private static Long integer(String digits) {
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
        Expr value = tuple(true);
        tokens.expectOperator(")");
        return value;
    }

    private List<Expr> list() {
        List<Expr> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private List<Expr.Entry> entries() {
        List<Expr.Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expr key = expression();
            tokens.expectOperator(":");
            entries.add(new Expr.Entry(key, expression()));
        }
        return entries;
    }

    private Expr postfix(Expr value) {
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
            case INTEGER -> new Expr.Item(object, new Expr.Constant(integer(token.text())));
            default -> throw new Fault("expected a name after '.', found " + token.describe());
        };
    }

    private Expr subscript(Expr object) {
        Expr start = sliceEnds() ? null : expression();
        if (start != null && tokens.skipOperator("]")) {
            return new Expr.Item(object, start);
        }
        tokens.expectOperator(":");
        Expr stop = sliceEnds() ? null : expression();
        Expr step = tokens.skipOperator(":") && !sliceEnds() ? expression() : null;
        tokens.expectOperator("]");
        return new Expr.Slice(object, start, stop, step);
    }

    private boolean sliceEnds() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]");
    }

    Expr.Arguments arguments() {
        tokens.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        List<Expr.Named> named = new ArrayList<>();
        boolean isFirst = true;
        while (!tokens.skipOperator(")")) {
            if (!isFirst) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            isFirst = false;
            argument(positional, named);
        }
        return new Expr.Arguments(positional, named);
    }

    private void argument(List<Expr> positional, List<Expr.Named> named) {
        if (tokens.current().isOperator("*") || tokens.current().isOperator("**")) {
            throw Fault.unsupported("'" + tokens.current().text() + "' before an argument");
        }
        if (tokens.current().kind() == Token.Kind.NAME && tokens.after().isOperator("=")) {
            String name = tokens.next().text();
            tokens.next();
            named.add(new Expr.Named(name, expression()));
        } else if (named.isEmpty()) {
            positional.add(expression());
        } else {
            throw new Fault("a positional argument follows a named one");
        }
    }

    private Expr filtersAndTests(Expr value) {
        Expr result = value;
        while (true) {
            if (tokens.skipOperator("|")) {
                Stmt.FilterCall filter = filter();
                result = new Expr.Filter(result, filter.name(), filter.arguments());
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else if (tokens.current().isOperator("(")) {
                result = new Expr.Call(result, arguments());
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
        return begins ? postfix(primary()) : null;
    }
}
