package dev.cairn.text.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement and the line it begins at. */
public sealed interface Stmt {
    int line();

    record Text(int line, String text) implements Stmt {}

    record Output(int line, Expr value) implements Stmt {}

    record If(int line, List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

    record Branch(Expr test, List<Stmt> body) {}

    record For(
            int line,
            Target target,
            Expr values,
            @Nullable Expr test,
            List<Stmt> body,
            List<Stmt> otherwise)
            implements Stmt {}

    record Set(int line, Target target, Expr value) implements Stmt {}

    /** {@code {% set x %}...{% endset %}}; the filters are applied to the body's text. */
    record SetBlock(int line, Target target, List<FilterCall> filters, List<Stmt> body)
            implements Stmt {}

    record FilterBlock(int line, List<FilterCall> filters, List<Stmt> body) implements Stmt {}

    record FilterCall(String name, Expr.Arguments arguments) {}

    record Macro(int line, String name, List<Parameter> parameters, List<Stmt> body)
            implements Stmt {}

    record Parameter(String name, @Nullable Expr otherwise) {}

    /** {@code {% call(parameters) call %}body{% endcall %}}. */
    record CallBlock(int line, List<Parameter> parameters, Expr.Call call, List<Stmt> body)
            implements Stmt {}

    record With(int line, List<Set> values, List<Stmt> body) implements Stmt {}

    /** {@code {% generation %}}: marks what a model learns and renders its body. */
    record Generation(int line, List<Stmt> body) implements Stmt {}

    record Break(int line) implements Stmt {}

    record Continue(int line) implements Stmt {}

    /** The left side of an assignment. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        /** An attribute of a namespace. */
        record Member(String object, String attribute) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
