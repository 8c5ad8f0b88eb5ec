package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import dev.cairn.text.jinja.syntax.PyText;
import java.util.List;
import java.util.Map;

/** Comparisons of two values: {@code ==}, {@code <} and {@code in}. */
final class Comparisons {
    private final Budget budget;

    Comparisons(Budget budget) {
        this.budget = budget;
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
                    case Safe safe -> throw Safe.used();
                    default ->
                            (Values.isNumber(left) && Values.isNumber(right))
                                    ? Arithmetic.compare(left, right) == 0
                                    : left.equals(right);
                };
        budget.leave();
        if (right instanceof Safe) {
            throw Safe.used();
        }
        return areEqual;
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

    /** Order, for {@code <} and for sorting. */
    int compare(Object left, Object right) {
        budget.step();
        if (left instanceof String a && right instanceof String b) {
            budget.work((long) a.length() + b.length());
            return PyText.compare(a, b);
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Arithmetic.compare(left, right);
        }
        throw new Fault(
                "cannot compare %s with %s"
                        .formatted(Values.describe(left), Values.describe(right)));
    }

    /** {@code needle in haystack}. */
    boolean contains(Object haystack, Object needle) {
        budget.step();
        return switch (haystack) {
            case String s -> {
                String part = Values.text(needle, "'in'");
                budget.work((long) s.length() * Math.max(1, part.length()));
                yield s.contains(part);
            }
            case Map<?, ?> map -> Values.isKey(needle) && map.containsKey(needle);
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
                    throw new Fault(
                            "'in' expects text, a list or a dict, found " + Values.type(haystack));
        };
    }
}
