package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Dialect;
import dev.cairn.text.jinja.syntax.Expr;
import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.Stmt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Evaluator {
    /** Names of jinja2 that are not supported here; other unknown names are undefined. */
    private static final Set<String> UNSUPPORTED =
            Set.of("lipsum", "cycler", "joiner", "self", "varargs", "kwargs");

    /** Filters and tests that accept an undefined value. */
    private static final Set<String> MAY_BE_UNDEFINED =
            Set.of("default", "d", "defined", "undefined");

    private final Budget budget;
    private final Dialect dialect;
    private final Printer printer;
    private final Comparisons comparisons;
    private final Members members;
    private final Filters filters;
    private final Tests tests;
    private final Arithmetic arithmetic;

    Evaluator(Budget budget, Dialect dialect) {
        this.budget = budget;
        this.dialect = dialect;
        this.printer = new Printer(budget);
        this.comparisons = new Comparisons(budget);
        this.arithmetic = new Arithmetic(budget);
        this.members = new Members(budget);
        this.tests = new Tests(budget);
        this.filters = new Filters(budget, tests, arithmetic);
    }

    Object value(Expr expr, Scope scope) {
        Object value = possibly(expr, scope);
        if (dialect.isStrict() && value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        return value;
    }

    /** Evaluates an expression that may be undefined even in a strict dialect. */
    private Object possibly(Expr expr, Scope scope) {
        budget.step();
        budget.enter();
        Object value =
                switch (expr) {
                    case Expr.Constant(Object constant) -> constant;
                    case Expr.Name(String name) -> name(name, scope);
                    case Expr.ListOf(List<Expr> items) -> all(items, scope);
                    case Expr.TupleOf(List<Expr> items) -> new Tuple(all(items, scope));
                    case Expr.DictOf(List<Expr.Entry> entries) -> dict(entries, scope);
                    case Expr.Attribute(Expr object, String name) ->
                            members.attribute(value(object, scope), name);
                    case Expr.Item(Expr object, Expr key) ->
                            members.subscript(value(object, scope), value(key, scope));
                    case Expr.Slice slice ->
                            members.slice(
                                    value(slice.object(), scope),
                                    optional(slice.start(), scope),
                                    optional(slice.stop(), scope),
                                    optional(slice.step(), scope));
                    case Expr.Call(Expr callee, Expr.Arguments arguments) ->
                            call(value(callee, scope), args(describe(callee), arguments, scope));
                    case Expr.Filter(Expr object, String name, Expr.Arguments arguments) ->
                            filters.apply(
                                    operand(object, name, scope),
                                    name,
                                    args(name, arguments, scope));
                    case Expr.Test(Expr object, String name, Expr.Arguments arguments) ->
                            tests.test(
                                    operand(object, name, scope),
                                    name,
                                    args(name, arguments, scope));
                    case Expr.Not(Expr negated) -> !Values.isTrue(value(negated, scope));
                    case Expr.Signed(String sign, Expr number) ->
                            signed(sign, value(number, scope));
                    case Expr.Binary(String operator, Expr left, Expr right) ->
                            arithmetic.binary(operator, value(left, scope), value(right, scope));
                    case Expr.Logic(boolean isAnd, Expr left, Expr right) -> {
                        Object first = value(left, scope);
                        yield Values.isTrue(first) == isAnd ? value(right, scope) : first;
                    }
                    case Expr.Comparison(Expr first, List<Expr.Operand> rest) ->
                            compare(value(first, scope), rest, scope);
                    case Expr.Concatenation(List<Expr> parts) -> concatenate(parts, scope);
                    case Expr.Conditional conditional -> choose(conditional, scope);
                };
        budget.leave();
        return value;
    }

    private Object operand(Expr object, String filterOrTest, Scope scope) {
        return MAY_BE_UNDEFINED.contains(filterOrTest)
                ? possibly(object, scope)
                : value(object, scope);
    }

    private @Nullable Object optional(@Nullable Expr expr, Scope scope) {
        return expr == null ? null : value(expr, scope);
    }

    private static Object name(String name, Scope scope) {
        Object value = scope.find(name);
        if (value == null && UNSUPPORTED.contains(name)) {
            throw Fault.unsupported("'" + name + "'");
        }
        return value == null ? new Undefined("'" + name + "'") : value;
    }

    private List<Object> all(List<Expr> exprs, Scope scope) {
        budget.elements(exprs.size());
        List<Object> all = new ArrayList<>();
        for (Expr expr : exprs) {
            all.add(value(expr, scope));
        }
        return all;
    }

    private Object dict(List<Expr.Entry> entries, Scope scope) {
        budget.elements(2L * entries.size());
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (Expr.Entry entry : entries) {
            Object key = value(entry.key(), scope);
            if (!Values.isKey(key)) {
                throw Fault.unsupported("a dict with a key that is " + Values.type(key));
            }
            dict.put(key, value(entry.value(), scope));
        }
        return dict;
    }

    private static String describe(Expr callee) {
        return switch (callee) {
            case Expr.Name(String name) -> name + "()";
            case Expr.Attribute(Expr object, String name) -> "." + name + "()";
            default -> "a call";
        };
    }

    Args args(String callee, Expr.Arguments arguments, Scope scope) {
        List<Object> positional = all(arguments.positional(), scope);
        Map<String, Object> named = new LinkedHashMap<>();
        for (Expr.Named argument : arguments.named()) {
            named.put(argument.name(), value(argument.value(), scope));
        }
        return new Args(callee, positional, named);
    }

    static Object call(Object callee, Args args) {
        return switch (callee) {
            case Function function -> function.call(args);
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault(Values.type(callee) + " cannot be called");
        };
    }

    Object filter(Object value, Stmt.FilterCall filter, Scope scope) {
        return filters.apply(value, filter.name(), args(filter.name(), filter.arguments(), scope));
    }

    private static Object signed(String sign, Object value) {
        if (!Values.isNumber(value)) {
            throw new Fault("'" + sign + "' before " + Values.describe(value));
        }
        return sign.equals("-") ? Arithmetic.negate(value) : value;
    }

    private boolean compare(Object first, List<Expr.Operand> rest, Scope scope) {
        Object left = first;
        for (Expr.Operand operand : rest) {
            Object right = value(operand.value(), scope);
            if (!holds(operand.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> comparisons.areEqual(left, right);
            case "!=" -> !comparisons.areEqual(left, right);
            case "<" -> comparisons.compare(left, right) < 0;
            case "<=" -> comparisons.compare(left, right) <= 0;
            case ">" -> comparisons.compare(left, right) > 0;
            case ">=" -> comparisons.compare(left, right) >= 0;
            case "in" -> comparisons.contains(right, left);
            default -> !comparisons.contains(right, left);
        };
    }

    private String concatenate(List<Expr> parts, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expr part : parts) {
            text.append(budget.made(printer.print(value(part, scope))));
        }
        return text.toString();
    }

    private Object choose(Expr.Conditional conditional, Scope scope) {
        if (Values.isTrue(value(conditional.test(), scope))) {
            return value(conditional.value(), scope);
        }
        Expr otherwise = conditional.otherwise();
        return otherwise == null
                ? new Undefined("the value of an 'if' without 'else'")
                : value(otherwise, scope);
    }
}
