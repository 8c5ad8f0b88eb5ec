package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.util.List;
import java.util.Map;

/**
 * Types of values. A template works only with String, Long, Double, Boolean, {@link None}, List,
 * {@link Tuple}, Map with text or integer keys, {@link Undefined}, {@link Safe}, {@link Namespace},
 * {@link Loop} and {@link Function}.
 */
final class Values {
    private Values() {}

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case Long n -> n != 0;
            case Double d -> d != 0;
            case String s -> !s.isEmpty();
            case Safe s -> !s.text().isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None none -> false;
            case Undefined undefined -> false;
            default -> true;
        };
    }

    /** Python's name for a value's type. */
    static String type(Object value) {
        return switch (value) {
            case String s -> "str";
            case Boolean b -> "bool";
            case Long n -> "int";
            case Double d -> "float";
            case None none -> "None";
            case Tuple tuple -> "tuple";
            case List<?> list -> "list";
            case Map<?, ?> map -> "dict";
            case Undefined undefined -> "undefined";
            case Safe safe -> "safe text";
            case Namespace namespace -> "namespace";
            case Loop loop -> "loop";
            default -> "function";
        };
    }

    /** A value that must be text. */
    static String text(Object value, String where) {
        return switch (value) {
            case String s -> s;
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault(where + " expects text, found " + type(value));
        };
    }

    /** A value that must be a whole number. */
    static long integer(Object value, String where) {
        return switch (value) {
            case Long n -> n;
            case Boolean b -> b ? 1 : 0;
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault(where + " expects a whole number, found " + type(value));
        };
    }

    /** Python's other keys are not allowed, for example true, which equals 1 there. */
    static boolean isKey(Object value) {
        return value instanceof String || value instanceof Long;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static String describe(Object value) {
        return value instanceof Undefined(String what)
                ? what + ", which is undefined,"
                : type(value);
    }
}
