package dev.cairn.text.jinja;

import dev.cairn.CairnException;
import dev.cairn.text.jinja.syntax.Dialect;
import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.Lexer;
import dev.cairn.text.jinja.syntax.None;
import dev.cairn.text.jinja.syntax.Parser;
import dev.cairn.text.jinja.syntax.Stmt;
import dev.cairn.text.jinja.syntax.Token;
import dev.cairn.text.jinja.syntax.Tokens;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Jinja template, sandboxed and without escaping. Chat templates are compiled as in {@code
 * transformers} ({@code trim_blocks} and {@code lstrip_blocks} on, loop controls and {@code
 * generation} blocks), task templates as in lm-evaluation-harness.
 */
public final class JinjaTemplate {
    /** Far more than the longest known template, which has some 60,000 characters. */
    private static final int MAX_LENGTH = 1_000_000;

    private final String where;
    private final Dialect dialect;
    private final List<Stmt> statements;

    private JinjaTemplate(String where, Dialect dialect, List<Stmt> statements) {
        this.where = where;
        this.dialect = dialect;
        this.statements = statements;
    }

    /**
     * Parses a chat template.
     *
     * @param where the template's file, for messages
     * @throws CairnException when it is no Jinja, or uses a tag that is not supported
     */
    public static JinjaTemplate parse(String source, String where) {
        return parse(source, where, Dialect.CHAT);
    }

    /**
     * Parses the template of a task. Every name it uses must be defined, and every line break
     * counts.
     *
     * @param where the template's file and key, for messages
     * @throws CairnException when it is no Jinja, or uses a tag that is not supported
     */
    public static JinjaTemplate ofTask(String source, String where) {
        return parse(source, where, Dialect.TASK);
    }

    private static JinjaTemplate parse(String source, String where, Dialect dialect) {
        if (source.length() > MAX_LENGTH) {
            throw new CairnException(
                    "%s: %s: expected at most %d characters, found %d"
                            .formatted(where, dialect.what(), MAX_LENGTH, source.length()));
        }
        Lexer lexer = new Lexer(source, dialect);
        List<Token> tokens = located(where, dialect, lexer::run, lexer::line);
        Tokens place = new Tokens(tokens);
        return new JinjaTemplate(
                where,
                dialect,
                located(where, dialect, () -> Parser.parse(place), () -> place.current().line()));
    }

    /**
     * Renders the template.
     *
     * @param variables JSON values: text, numbers, booleans, null, lists and maps of them
     * @param clock for {@code strftime_now}, which asks for the local time
     * @throws CairnException if the template rejects the values, uses an unsupported feature, or
     *     exceeds the limits on work or memory; the message names file and line
     */
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = globals(variables, clock);
        Interpreter interpreter = new Interpreter(dialect);
        return located(
                where, dialect, () -> interpreter.run(statements, globals), interpreter::line);
    }

    /**
     * The template's value: the expression's value if the template is a single expression,
     * otherwise the rendered text.
     *
     * @return text, Long, Double, Boolean, or a list of these; anything else as printed text,
     *     except none, which is an error
     * @throws CairnException as {@link #render} does
     */
    public Object value(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        if (statements.size() != 1 || !(statements.getFirst() instanceof Stmt.Output output)) {
            return render(variables, clock);
        }
        Scope globals = globals(variables, clock);
        Interpreter interpreter = new Interpreter(dialect);
        Printer printer = new Printer(new Budget());
        return located(
                where,
                dialect,
                () -> plain(interpreter.value(output, globals), printer),
                interpreter::line);
    }

    private static Object plain(Object value, Printer printer) {
        return switch (value) {
            case String s -> s;
            case Long n -> n;
            case Double d -> d;
            case Boolean b -> b;
            case List<?> list -> list.stream().map(item -> plain(item, printer)).toList();
            case None none -> throw new Fault("the value is none");
            default -> printer.print(value);
        };
    }

    private static Scope globals(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = Globals.of(clock);
        variables.forEach((name, value) -> globals.set(name, value(value)));
        return globals;
    }

    private static <T> T located(
            String where, Dialect dialect, Supplier<T> action, Supplier<Integer> line) {
        try {
            return action.get();
        } catch (Raised e) {
            throw new CairnException(
                    "%s: the %s rejects these messages: %s"
                            .formatted(where, dialect.what(), e.getMessage()),
                    e);
        } catch (Fault e) {
            throw new CairnException(
                    "%s: %s, line %d: %s".formatted(where, dialect.what(), line.get(), e.problem()),
                    e);
        }
    }

    private static Object value(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case String s -> s;
            case Boolean b -> b;
            case Integer i -> (long) i;
            case Long n -> n;
            case Double d -> d;
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                list.forEach(item -> items.add(value(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put((String) key, value(item)));
                yield entries;
            }
            default ->
                    throw new IllegalArgumentException(
                            "not a template value: " + value.getClass().getName());
        };
    }
}
