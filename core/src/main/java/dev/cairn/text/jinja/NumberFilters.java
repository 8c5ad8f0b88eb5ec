package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import dev.cairn.text.jinja.syntax.PyText;

/** Filters that produce numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static Object absolute(Object value) {
        if (!Values.isNumber(value)) {
            throw new Fault("expected a number, found " + Values.describe(value));
        }
        return Arithmetic.compare(value, 0L) < 0 ? Arithmetic.negate(value) : value;
    }

    static Object integer(Object value, Args args) {
        if (args.find(1, "base") != null) {
            throw Fault.unsupported("the filter 'int' with a base");
        }
        Object otherwise = args.get(0, "default", 0L);
        return switch (value) {
            case Long n -> n;
            case Boolean b -> b ? 1L : 0L;
            case Double d when Math.abs(d) < Long.MAX_VALUE -> (long) (double) d;
            case String s when PyText.strip(s).matches("[+-]?\\d{1,18}") ->
                    Long.valueOf(PyText.strip(s));
            case String s when PyText.strip(s).matches("[+-]?\\d{1,15}\\.\\d*") ->
                    (long) Double.parseDouble(PyText.strip(s));
            case String s when !s.matches("(?s).*\\d.*") -> otherwise;
            case None none -> otherwise;
            case Undefined undefined -> throw undefined.fault();
            default -> throw Fault.unsupported("the filter 'int' on this " + Values.type(value));
        };
    }

    static Object real(Object value, Args args) {
        Object otherwise = args.get(0, "default", 0.0);
        return switch (value) {
            case Long n -> (double) n;
            case Double d -> d;
            case String s when PyText.strip(s).matches("[+-]?\\d+(\\.\\d*)?") ->
                    Double.parseDouble(PyText.strip(s));
            case String s when !s.matches("(?s).*\\d.*") -> otherwise;
            default -> throw Fault.unsupported("the filter 'float' on this " + Values.type(value));
        };
    }
}
