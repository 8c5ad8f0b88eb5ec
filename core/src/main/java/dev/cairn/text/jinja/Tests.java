package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies tests by name: {@code value is name}. */
final class Tests {
    private final Comparisons comparisons;

    Tests(Budget budget) {
        this.comparisons = new Comparisons(budget);
    }

    boolean test(Object value, String name, Args args) {
        Boolean kind = args.positional().isEmpty() ? kind(value, name) : null;
        return kind != null ? kind : relation(value, name, args);
    }

    private static @Nullable Boolean kind(Object value, String name) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof String || value instanceof Safe;
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" ->
                    value instanceof List
                            || value instanceof Map
                            || value instanceof String
                            || value instanceof Safe
                            || value instanceof Undefined;
            case "callable" -> value instanceof Function;
            case "odd" -> Math.floorMod(Values.integer(value, "odd"), 2L) == 1;
            case "even" -> Math.floorMod(Values.integer(value, "even"), 2L) == 0;
            default -> null;
        };
    }

    private boolean relation(Object value, String name, Args args) {
        return switch (name) {
            case "eq", "equalto", "==" -> comparisons.areEqual(value, other(args));
            case "ne", "!=" -> !comparisons.areEqual(value, other(args));
            case "lt", "lessthan", "<" -> comparisons.compare(value, other(args)) < 0;
            case "le", "<=" -> comparisons.compare(value, other(args)) <= 0;
            case "gt", "greaterthan", ">" -> comparisons.compare(value, other(args)) > 0;
            case "ge", ">=" -> comparisons.compare(value, other(args)) >= 0;
            case "in" -> comparisons.contains(other(args), value);
            case "sameas" -> same(value, other(args));
            case "divisibleby" -> {
                long by = Values.integer(other(args), name);
                if (by == 0) {
                    throw new Fault("division by zero");
                }
                yield Math.floorMod(Values.integer(value, name), by) == 0;
            }
            default -> throw Fault.unsupported("the test '" + name + "'");
        };
    }

    /**
     * Identity is well defined for true, false and none; for other values it is an accident of the
     * implementation.
     */
    private static boolean same(Object value, Object other) {
        if (other instanceof Boolean || other == None.NONE) {
            return value.equals(other);
        }
        throw Fault.unsupported("the test 'sameas' of a " + Values.type(other));
    }

    private static Object other(Args args) {
        return args.only("other").get(0, "other");
    }
}
