package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Filters that compare items, by default ignoring case. */
final class Sorting {
    private final Comparisons comparisons;
    private final Items items;

    Sorting(Budget budget) {
        this.comparisons = new Comparisons(budget);
        this.items = new Items(budget);
    }

    Object sort(Object value, Args args) {
        UnaryOperator<Object> caseless = caseless(args.flag(1, "case_sensitive"));
        UnaryOperator<Object> member = Members.path(args.get(2, "attribute", None.NONE), None.NONE);
        return sorted(
                items.of(value),
                item -> caseless.apply(member.apply(item)),
                args.flag(0, "reverse"));
    }

    Object unique(Object value, Args args) {
        UnaryOperator<Object> caseless = caseless(args.flag(0, "case_sensitive"));
        UnaryOperator<Object> member = Members.path(args.get(1, "attribute", None.NONE), None.NONE);
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : items.of(value)) {
            Object key = caseless.apply(member.apply(item));
            if (!comparisons.contains(seen, key)) {
                seen.add(key);
                unique.add(item);
            }
        }
        return unique;
    }

    Object extreme(Object value, boolean smallest) {
        UnaryOperator<Object> caseless = caseless(false);
        List<Object> candidates = items.of(value);
        Object extreme = ListFilters.edge(candidates, true);
        for (Object item : candidates) {
            int order = comparisons.compare(caseless.apply(item), caseless.apply(extreme));
            extreme = (smallest ? order < 0 : order > 0) ? item : extreme;
        }
        return extreme;
    }

    List<Object> dictsort(Object value, Args args) {
        int by =
                switch (args.text(1, "by", "key")) {
                    case "key" -> 0;
                    case "value" -> 1;
                    case String other ->
                            throw new Fault("dictsort sorts by key or value, not by " + other);
                };
        UnaryOperator<Object> key = caseless(args.flag(0, "case_sensitive"));
        return sorted(
                items.entries(value),
                pair -> key.apply(((Tuple) pair).get(by)),
                args.flag(2, "reverse"));
    }

    private static UnaryOperator<Object> caseless(boolean caseSensitive) {
        return item ->
                !caseSensitive && item instanceof String s ? s.toLowerCase(Locale.ROOT) : item;
    }

    private List<Object> sorted(List<Object> list, UnaryOperator<Object> key, boolean reverse) {
        Comparator<Object> order = (a, b) -> comparisons.compare(key.apply(a), key.apply(b));
        list.sort(reverse ? order.reversed() : order);
        return list;
    }
}
