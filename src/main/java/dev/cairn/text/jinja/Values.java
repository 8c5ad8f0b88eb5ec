package dev.cairn.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What Python's operators and built-ins make of values: String, Long, Double, Boolean, {@link
 * None}, List, {@link Tuple}, Map with text or integer keys, {@link Undefined}, {@link Safe},
 * {@link Namespace}, {@link Loop} and {@link Function}; nothing else ever gets into a template.
 */
final class Values {
    private final Budget budget;

    Values(Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

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

    /** The name of a value's type, as Python has it. */
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

    /** A value that has to be text. */
    static String text(Object value, String where) {
        return switch (value) {
            case String s -> s;
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault(where + " expects text, found " + type(value));
        };
    }

    /** A value that has to be a whole number. */
    static long integer(Object value, String where) {
        return switch (value) {
            case Long n -> n;
            case Boolean b -> b ? 1 : 0;
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault(where + " expects a whole number, found " + type(value));
        };
    }

    /** {@code str(value)}: what is printed. */
    String print(Object value) {
        return switch (value) {
            case String s -> s;
            case Safe safe -> safe.text();
            case Undefined undefined -> "";
            default -> represent(value);
        };
    }

    private String represent(Object value) {
        StringBuilder text = new StringBuilder();
        represent(value, text);
        return budget.made(text.toString());
    }

    private void represent(Object value, StringBuilder text) {
        budget.enter();
        budget.text(2);
        switch (value) {
            case String s -> quote(s, text);
            case Boolean b -> text.append(b ? "True" : "False");
            case Long n -> text.append(n);
            case Double d -> text.append(number(d));
            case None none -> text.append("None");
            case Undefined undefined -> text.append("Undefined");
            case Tuple tuple -> {
                join("(", tuple, text);
                text.append(tuple.size() == 1 ? ",)" : ")");
            }
            case List<?> list -> {
                join("[", list, text);
                text.append(']');
            }
            case Map<?, ?> map -> entries(map, text);
            default -> throw Fault.unsupported("printing a " + type(value));
        }
        budget.leave();
    }

    private void join(String begin, List<?> list, StringBuilder text) {
        String separator = begin;
        for (Object item : list) {
            text.append(separator);
            represent(item, text);
            separator = ", ";
        }
        if (list.isEmpty()) {
            text.append(begin);
        }
    }

    private void entries(Map<?, ?> map, StringBuilder text) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            represent(entry.getKey(), text);
            text.append(": ");
            represent(entry.getValue(), text);
            separator = ", ";
        }
        text.append(map.isEmpty() ? "{}" : "}");
    }

    /** {@code repr} of a text. */
    private void quote(String value, StringBuilder text) {
        budget.text(value.length());
        char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
        text.append(quote);
        value.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> text.append("\\n");
                        case '\r' -> text.append("\\r");
                        case '\t' -> text.append("\\t");
                        case '\\' -> text.append("\\\\");
                        default -> {
                            if (c == quote) {
                                text.append('\\').append(quote);
                            } else if (isPrintable(c)) {
                                text.appendCodePoint(c);
                            } else {
                                text.append(
                                        (c < 0x100
                                                        ? "\\x%02x"
                                                        : c < 0x10000 ? "\\u%04x" : "\\U%08x")
                                                .formatted(c));
                            }
                        }
                    }
                });
        text.append(quote);
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR ->
                            false;
                    default -> true;
                };
    }

    /** {@code repr} of a float: the shortest digits, an exponent only for very large and small. */
    static String number(double d) {
        if (Double.isNaN(d)) {
            return "nan";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "inf" : "-inf";
        }
        if (d == 0) {
            return 1 / d < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(d)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return (shortest.scale() < 1 ? shortest.setScale(1) : shortest).toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        return "%s%s%se%s%02d"
                .formatted(
                        d < 0 ? "-" : "",
                        digits.charAt(0),
                        digits.length() > 1 ? "." + digits.substring(1) : "",
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    boolean areEqual(Object left, Object right) {
        budget.step();
        budget.enter();
        boolean areEqual =
                switch (left) {
                    case String a when right instanceof String b -> {
                        budget.work(Math.min(a.length(), b.length()));
                        yield a.equals(b);
                    }
                    case List<?> a when right instanceof List<?> b ->
                            ((a instanceof Tuple) == (b instanceof Tuple)) && sameItems(a, b);
                    case Map<?, ?> a when right instanceof Map<?, ?> b -> sameEntries(a, b);
                    case None none -> right == None.NONE;
                    case Undefined undefined -> right instanceof Undefined;
                    case Safe safe -> throw safeUsed();
                    default ->
                            isNumber(left) && isNumber(right)
                                    ? Arithmetic.compare(left, right) == 0
                                    : left.equals(right);
                };
        budget.leave();
        if (right instanceof Safe) {
            throw safeUsed();
        }
        return areEqual;
    }

    static Fault safeUsed() {
        return Fault.unsupported("the filter 'safe' on text that is not printed at once");
    }

    private boolean sameItems(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!areEqual(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean sameEntries(Map<?, ?> a, Map<?, ?> b) {
        if (!a.keySet().equals(b.keySet())) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !areEqual(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** Others that Python allows, such as true, which equals 1 there, are not. */
    static boolean isKey(Object value) {
        return value instanceof String || value instanceof Long;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** Order, for {@code <} and for sorting. */
    int compare(Object left, Object right) {
        budget.step();
        if (left instanceof String a && right instanceof String b) {
            budget.work((long) a.length() + b.length());
            return PyText.compare(a, b);
        }
        if (isNumber(left) && isNumber(right)) {
            return Arithmetic.compare(left, right);
        }
        throw new Fault("no order between %s and %s".formatted(describe(left), describe(right)));
    }

    static String describe(Object value) {
        return value instanceof Undefined(String what)
                ? what + ", which is undefined,"
                : type(value);
    }

    /** {@code needle in haystack}. */
    boolean contains(Object haystack, Object needle) {
        budget.step();
        return switch (haystack) {
            case String s -> {
                String part = text(needle, "'in'");
                budget.work((long) s.length() * Math.max(1, part.length()));
                yield s.contains(part);
            }
            case Map<?, ?> map -> isKey(needle) && map.containsKey(needle);
            case List<?> list -> {
                for (Object item : list) {
                    if (areEqual(item, needle)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Undefined undefined -> false;
            default ->
                    throw new Fault("'in' expects text, a list or a dict, found " + type(haystack));
        };
    }

    /** What a loop goes through. */
    List<Object> items(Object value) {
        List<Object> items =
                switch (value) {
                    case String s -> {
                        budget.elements(s.length());
                        yield PyText.characters(s);
                    }
                    case List<?> list -> new ArrayList<>(list);
                    case Map<?, ?> map -> new ArrayList<>(map.keySet());
                    case Undefined undefined -> new ArrayList<>();
                    default -> throw new Fault(type(value) + " cannot be iterated over");
                };
        budget.elements(items.size());
        return items;
    }

    Iterator<Object> iterator(Object value) {
        return items(value).iterator();
    }

    long length(Object value) {
        return switch (value) {
            case String s -> {
                budget.work(s.length());
                yield PyText.length(s);
            }
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            default -> throw new Fault(type(value) + " has no length");
        };
    }
}
