package dev.cairn.text.jinja;

import dev.cairn.CairnException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A template as {@code transformers} compiles it: sandboxed, {@code trim_blocks} and {@code
 * lstrip_blocks} on, escaping off, loop controls and {@code generation} blocks.
 */
public final class JinjaTemplate {
    /** Far beyond the longest that is known, of some 60,000 characters. */
    private static final int MAX_LENGTH = 1_000_000;

    private final String where;
    private final List<Stmt> statements;

    private JinjaTemplate(String where, List<Stmt> statements) {
        this.where = where;
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @param where the file it is from, for messages
     * @throws CairnException when it is no Jinja, or uses a tag that is not supported
     */
    public static JinjaTemplate parse(String source, String where) {
        if (source.length() > MAX_LENGTH) {
            throw new CairnException(
                    "%s: chat template: expected at most %d characters, found %d"
                            .formatted(where, MAX_LENGTH, source.length()));
        }
        Lexer lexer = new Lexer(source);
        List<Token> tokens = located(where, lexer::run, lexer::line);
        Tokens place = new Tokens(tokens);
        return new JinjaTemplate(
                where, located(where, () -> Parser.parse(place), () -> place.current().line()));
    }

    /**
     * Renders the template.
     *
     * @param variables JSON's values: text, numbers, booleans, null, lists and maps of them
     * @param clock for {@code strftime_now}, which asks for the local time
     * @throws CairnException when the template refuses the values, uses what is not supported, or
     *     needs more work or memory than a prompt can be worth; names file and line
     */
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = Globals.of(clock);
        variables.forEach((name, value) -> globals.set(name, value(value)));
        Interpreter interpreter = new Interpreter();
        return located(where, () -> interpreter.run(statements, globals), interpreter::line);
    }

    private static <T> T located(String where, Supplier<T> action, Supplier<Integer> line) {
        try {
            return action.get();
        } catch (Raised e) {
            throw new CairnException(
                    where + ": the chat template refuses these messages: " + e.getMessage(), e);
        } catch (Fault e) {
            throw new CairnException(
                    "%s: chat template, line %d: %s".formatted(where, line.get(), e.problem()), e);
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
                            "no value of a template: " + value.getClass().getName());
        };
    }
}
