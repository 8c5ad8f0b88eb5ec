package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Prints values as Python does: {@code str} and {@code repr}. */
final class Printer {
    private final Budget budget;

    Printer(Budget budget) {
        this.budget = budget;
    }

    /** {@code str(value)}, as the template prints it. */
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
            default -> throw Fault.unsupported("printing a " + Values.type(value));
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

    /**
     * {@code repr} of a float: the shortest digits, with an exponent only for very large and very
     * small numbers.
     */
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
}
