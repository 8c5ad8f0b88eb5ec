package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.None;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Filters that reduce a list to one value, or reverse it. */
final class ListFilters {
    private final Printer printer;
    private final Items items;
    private final Texts texts;
    private final Arithmetic arithmetic;

    ListFilters(Budget budget, Arithmetic arithmetic) {
        this.printer = new Printer(budget);
        this.items = new Items(budget);
        this.texts = new Texts(budget);
        this.arithmetic = arithmetic;
    }

    static Object edge(List<Object> items, boolean first) {
        if (items.isEmpty()) {
            return new Undefined("the " + (first ? "first" : "last") + " item of an empty value");
        }
        return first ? items.getFirst() : items.getLast();
    }

    Object join(Object value, Args args) {
        String separator = printer.print(args.get(0, "d", ""));
        UnaryOperator<Object> member = Members.path(args.get(1, "attribute", None.NONE), None.NONE);
        List<Object> printed = new ArrayList<>();
        for (Object item : items.of(value)) {
            printed.add(printer.print(member.apply(item)));
        }
        return texts.join(separator, printed);
    }

    Object reverse(Object value) {
        List<Object> reversed = items.of(value);
        Collections.reverse(reversed);
        if (!(value instanceof String)) {
            return reversed;
        }
        return texts.join("", reversed);
    }

    Object sum(Object value, Args args) {
        UnaryOperator<Object> member = Members.path(args.get(0, "attribute", None.NONE), None.NONE);
        Object sum = args.get(1, "start", 0L);
        for (Object item : items.of(value)) {
            sum = arithmetic.binary("+", sum, member.apply(item));
        }
        return sum;
    }
}
