package dev.cairn.text.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. */
public sealed interface Expr {
    record Constant(Object value) implements Expr {}

    record Name(String name) implements Expr {}

    record ListOf(List<Expr> items) implements Expr {}

    record TupleOf(List<Expr> items) implements Expr {}

    record DictOf(List<Entry> entries) implements Expr {}

    record Entry(Expr key, Expr value) {}

    /** {@code object.name}. */
    record Attribute(Expr object, String name) implements Expr {}

    /** {@code object[key]}. */
    record Item(Expr object, Expr key) implements Expr {}

    record Slice(Expr object, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
            implements Expr {}

    record Call(Expr callee, Arguments arguments) implements Expr {}

    record Filter(Expr value, String name, Arguments arguments) implements Expr {}

    record Test(Expr value, String name, Arguments arguments) implements Expr {}

    record Not(Expr value) implements Expr {}

    /** {@code -value} or {@code +value}. */
    record Signed(String sign, Expr value) implements Expr {}

    /** Both sides are evaluated: arithmetic. */
    record Binary(String operator, Expr left, Expr right) implements Expr {}

    /** {@code and}, {@code or}: the right side may stay unevaluated. */
    record Logic(boolean isAnd, Expr left, Expr right) implements Expr {}

    /** {@code a < b <= c}. */
    record Comparison(Expr first, List<Operand> rest) implements Expr {}

    record Operand(String operator, Expr value) {}

    /** {@code a ~ b ~ c}. */
    record Concatenation(List<Expr> parts) implements Expr {}

    record Conditional(Expr value, Expr test, @Nullable Expr otherwise) implements Expr {}

    /** The arguments in the parentheses of a call. */
    record Arguments(List<Expr> positional, List<Named> named) {
        static final Arguments NONE = new Arguments(List.of(), List.of());
    }

    record Named(String name, Expr value) {}
}
