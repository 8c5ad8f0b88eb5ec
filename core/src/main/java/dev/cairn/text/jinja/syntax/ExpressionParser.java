package dev.cairn.text.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses expressions with the precedence of jinja2's parser. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final Tokens tokens;
    private final PrimaryParser primaries;
    private final PostfixParser postfixes;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.primaries = new PrimaryParser(tokens, this);
        this.postfixes = new PostfixParser(tokens, this, primaries);
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
            if (COMPARISONS.contains(operator())) {
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
        while (PRODUCTS.contains(operator())) {
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
            value = primaries.primary();
        }
        value = postfixes.postfix(value);
        return withFilters ? postfixes.filtersAndTests(value) : value;
    }

    /** A filter after its bar. */
    Stmt.FilterCall filter() {
        return postfixes.filter();
    }
}
