package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic. Integers beyond 64 bits are an error. */
final class Arithmetic {
    private final Budget budget;

    Arithmetic(Budget budget) {
        this.budget = budget;
    }

    static int compare(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            double a = real(left);
            double b = real(right);
            if (!Double.isFinite(a) || !Double.isFinite(b)) {
                throw Fault.unsupported("a number that is not finite");
            }
            return exact(left).compareTo(exact(right));
        }
        return Long.compare(whole(left), whole(right));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf(whole(number));
    }

    private static long whole(Object number) {
        return number instanceof Boolean b ? (b ? 1 : 0) : (Long) number;
    }

    private static double real(Object number) {
        return number instanceof Double d ? d : whole(number);
    }

    Object binary(String operator, Object left, Object right) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return number(operator, left, right);
        }
        return switch (operator) {
            case "+" -> plus(left, right);
            case "*" -> Values.isNumber(left) ? times(right, left) : times(left, right);
            case "%" ->
                    throw left instanceof String
                            ? Fault.unsupported("'%' on text")
                            : mismatch(operator, left, right);
            default -> throw mismatch(operator, left, right);
        };
    }

    private static Fault mismatch(String operator, Object left, Object right) {
        return new Fault(
                "'%s' between %s and %s"
                        .formatted(operator, Values.describe(left), Values.describe(right)));
    }

    private Object plus(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            budget.text((long) a.length() + b.length());
            return a + b;
        }
        if (left instanceof List<?> a
                && right instanceof List<?> b
                && (a instanceof Tuple) == (b instanceof Tuple)) {
            budget.elements((long) a.size() + b.size());
            List<Object> joined = new ArrayList<>(a);
            joined.addAll(b);
            return a instanceof Tuple ? new Tuple(joined) : joined;
        }
        throw mismatch("+", left, right);
    }

    private Object times(Object sequence, Object count) {
        if (count instanceof Double || (count instanceof Boolean && sequence instanceof Boolean)) {
            throw mismatch("*", sequence, count);
        }
        if (sequence instanceof String s && Values.isNumber(count)) {
            long times = Math.max(0, whole(count));
            budget.text(product(s.length(), times));
            return s.repeat((int) times);
        }
        if (sequence instanceof List<?> list && Values.isNumber(count)) {
            long times = Math.max(0, whole(count));
            budget.elements(product(list.size(), times));
            List<Object> repeated = new ArrayList<>();
            for (long i = 0; i < times && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return list instanceof Tuple ? new Tuple(repeated) : repeated;
        }
        throw mismatch("*", sequence, count);
    }

    /** Length times repetitions; repeating an empty value counts as 1. */
    private static long product(int length, long times) {
        return Math.multiplyHigh(Math.max(1, length), times) != 0
                ? Long.MAX_VALUE
                : Math.max(Math.max(1, length) * times, 0);
    }

    private static Object number(String operator, Object left, Object right) {
        boolean isReal = left instanceof Double || right instanceof Double;
        boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
        if (divides && real(right) == 0) {
            throw new Fault("division by zero");
        }
        try {
            return isReal || operator.equals("/")
                    ? real(operator, real(left), real(right))
                    : whole(operator, whole(left), whole(right));
        } catch (ArithmeticException e) {
            throw Fault.unsupported("an integer beyond 64 bits");
        }
    }

    private static Object real(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            default -> throw Fault.unsupported("'" + operator + "' with a float");
        };
    }

    private static Object whole(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDivExact(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> throw Fault.unsupported("'" + operator + "'");
        };
    }

    static Object negate(Object value) {
        return switch (value) {
            case Long n when n != Long.MIN_VALUE -> -n;
            case Boolean b -> b ? -1L : 0L;
            case Double d -> -d;
            default -> throw new Fault("'-' before " + Values.describe(value));
        };
    }
}
