package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Dialect;
import dev.cairn.text.jinja.syntax.Expr;
import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.Stmt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs statements and collects their text. */
final class Interpreter {
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Printer printer = new Printer(budget);
    private final Items items = new Items(budget);
    private final Evaluator evaluator;
    private int line;

    Interpreter(Dialect dialect) {
        this.evaluator = new Evaluator(budget, dialect);
    }

    /** The line of the last statement that ran. */
    int line() {
        return line;
    }

    String run(List<Stmt> template, Scope globals) {
        StringBuilder out = new StringBuilder();
        run(template, new Scope(globals), out);
        return out.toString();
    }

    /** The value of an expression. */
    Object value(Stmt.Output output, Scope globals) {
        line = output.line();
        return evaluator.value(output.value(), new Scope(globals));
    }

    private Flow run(List<Stmt> body, Scope scope, StringBuilder out) {
        budget.enter();
        Flow flow = Flow.NEXT;
        for (int i = 0; i < body.size() && flow == Flow.NEXT; i++) {
            flow = run(body.get(i), scope, out);
        }
        budget.leave();
        return flow;
    }

    private Flow run(Stmt statement, Scope scope, StringBuilder out) {
        budget.step();
        line = statement.line();
        switch (statement) {
            case Stmt.Text(int at, String text) -> out.append(budget.made(text));
            case Stmt.Output(int at, Expr value) ->
                    out.append(budget.made(printer.print(evaluator.value(value, scope))));
            case Stmt.If choice -> {
                return run(branch(choice, scope), scope, out);
            }
            case Stmt.For loop -> loop(loop, scope, out);
            case Stmt.Set(int at, Stmt.Target target, Expr value) ->
                    assign(target, evaluator.value(value, scope), scope);
            case Stmt.SetBlock(
                            int at,
                            Stmt.Target target,
                            List<Stmt.FilterCall> filters,
                            List<Stmt> body) ->
                    assign(target, filtered(filters, body, scope), scope);
            case Stmt.FilterBlock(int at, List<Stmt.FilterCall> filters, List<Stmt> body) ->
                    out.append(budget.made(printer.print(filtered(filters, body, scope))));
            case Stmt.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Stmt.CallBlock block ->
                    out.append(budget.made(printer.print(callBlock(block, scope))));
            case Stmt.With(int at, List<Stmt.Set> assignments, List<Stmt> body) -> {
                Scope inner = new Scope(scope);
                for (Stmt.Set set : assignments) {
                    assign(set.target(), evaluator.value(set.value(), scope), inner);
                }
                return run(body, inner, out);
            }
            case Stmt.Generation(int at, List<Stmt> body) ->
                    out.append(text(body, new Scope(scope)));
            case Stmt.Break stop -> {
                return Flow.BREAK;
            }
            case Stmt.Continue next -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private List<Stmt> branch(Stmt.If choice, Scope scope) {
        for (Stmt.Branch branch : choice.branches()) {
            if (Values.isTrue(evaluator.value(branch.test(), scope))) {
                return branch.body();
            }
        }
        return choice.otherwise();
    }

    private String text(List<Stmt> body, Scope scope) {
        StringBuilder text = new StringBuilder();
        if (run(body, scope, text) != Flow.NEXT) {
            throw Fault.unsupported("{% break %} or {% continue %} that leaves a block");
        }
        return text.toString();
    }

    private Object filtered(List<Stmt.FilterCall> filters, List<Stmt> body, Scope scope) {
        Object value = text(body, new Scope(scope));
        for (Stmt.FilterCall filter : filters) {
            value = evaluator.filter(value, filter, scope);
        }
        return value;
    }

    private void loop(Stmt.For statement, Scope scope, StringBuilder out) {
        List<Object> all = items.of(evaluator.value(statement.values(), scope));
        Loop loop = new Loop(chosen(all.iterator(), statement, scope));
        // As in jinja2, an iteration ended by {% continue %} or {% break %} does not count here.
        boolean isElse = true;
        Flow flow = Flow.NEXT;
        for (Object item = loop.next(); item != null && flow != Flow.BREAK; item = loop.next()) {
            Scope inner = new Scope(scope);
            inner.set("loop", loop);
            assign(statement.target(), item, inner);
            flow = run(statement.body(), inner, out);
            isElse &= flow != Flow.NEXT;
        }
        if (isElse) {
            out.append(text(statement.otherwise(), new Scope(scope)));
        }
    }

    /** Lazy, because the condition of a later item may depend on what the body has changed. */
    private Iterator<Object> chosen(Iterator<Object> all, Stmt.For loop, Scope scope) {
        Expr test = loop.test();
        if (test == null) {
            return all;
        }
        return new Iterator<>() {
            private @Nullable Object found;

            @Override
            public boolean hasNext() {
                while (found == null && all.hasNext()) {
                    Object item = all.next();
                    Scope inner = new Scope(scope);
                    assign(loop.target(), item, inner);
                    if (Values.isTrue(evaluator.value(test, inner))) {
                        found = item;
                    }
                }
                return found != null;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new java.util.NoSuchElementException();
                }
                Object item = java.util.Objects.requireNonNull(found);
                found = null;
                return item;
            }
        };
    }

    private void assign(Stmt.Target target, Object value, Scope scope) {
        switch (target) {
            case Stmt.Target.Variable(String name) -> scope.set(name, value);
            case Stmt.Target.Member(String object, String attribute) -> {
                if (!(scope.find(object) instanceof Namespace namespace)) {
                    throw new Fault("'" + object + "' is not a namespace and cannot be changed");
                }
                namespace.set(attribute, value);
            }
            case Stmt.Target.Several(List<Stmt.Target> targets) -> {
                List<Object> several = items.of(value);
                if (several.size() != targets.size()) {
                    throw new Fault(
                            "%d values for %d names".formatted(several.size(), targets.size()));
                }
                for (int i = 0; i < several.size(); i++) {
                    assign(targets.get(i), several.get(i), scope);
                }
            }
        }
    }

    private Function macro(Stmt.Macro macro, Scope defined) {
        return args -> called(macro.parameters(), macro.body(), args, defined);
    }

    private Object called(
            List<Stmt.Parameter> parameters, List<Stmt> body, Args args, Scope defined) {
        int callLine = line;
        Scope inner = new Scope(defined);
        Object caller = args.named().get("caller");
        inner.set("caller", caller == null ? new Undefined("'caller'") : caller);
        Set<String> unknown = new HashSet<>(args.named().keySet());
        unknown.remove("caller");
        if (args.positional().size() > parameters.size()) {
            throw new Fault(args.callee() + " takes at most " + parameters.size() + " arguments");
        }
        for (int i = 0; i < parameters.size(); i++) {
            Stmt.Parameter parameter = parameters.get(i);
            unknown.remove(parameter.name());
            inner.set(parameter.name(), argument(parameter, args.find(i, parameter.name()), inner));
        }
        if (!unknown.isEmpty()) {
            throw new Fault(args.callee() + " takes no argument " + String.join(", ", unknown));
        }
        String text = text(body, inner);
        line = callLine;
        return text;
    }

    private Object argument(Stmt.Parameter parameter, @Nullable Object given, Scope inner) {
        if (given != null) {
            return given;
        }
        Expr otherwise = parameter.otherwise();
        return otherwise == null
                ? new Undefined("parameter '" + parameter.name() + "'")
                : evaluator.value(otherwise, inner);
    }

    private Object callBlock(Stmt.CallBlock block, Scope scope) {
        Expr.Call call = block.call();
        Args args = evaluator.args("a call", call.arguments(), scope);
        Function caller = inner -> called(block.parameters(), block.body(), inner, scope);
        Map<String, Object> named = new java.util.LinkedHashMap<>(args.named());
        named.put("caller", caller);
        return Evaluator.call(
                evaluator.value(call.callee(), scope),
                new Args(args.callee(), new ArrayList<>(args.positional()), named));
    }
}
