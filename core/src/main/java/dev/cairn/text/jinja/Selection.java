package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.None;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that apply another filter or a test to each item. */
final class Selection {
    private final Items items;
    private final Filters filters;
    private final Tests tests;

    Selection(Budget budget, Filters filters, Tests tests) {
        this.items = new Items(budget);
        this.filters = filters;
        this.tests = tests;
    }

    Object map(Object value, Args args) {
        UnaryOperator<Object> change;
        if (args.positional().isEmpty()) {
            args.only("attribute", "default");
            change = Members.path(args.get(0, "attribute"), args.get(1, "default", None.NONE));
        } else {
            String filter = args.text(0, "filter");
            change =
                    item ->
                            filters.apply(
                                    item,
                                    filter,
                                    new Args(filter, args.from(1).positional(), args.named()));
        }
        List<Object> changed = new ArrayList<>();
        for (Object item : orNone(value)) {
            changed.add(change.apply(item));
        }
        return changed;
    }

    /** As in jinja2's filters of this kind, a false value, even none, has no items. */
    private List<Object> orNone(Object value) {
        return Values.isTrue(value) ? items.of(value) : new ArrayList<>();
    }

    List<Object> select(Object value, Args args, boolean wanted) {
        return keep(value, tester(args, 0), wanted);
    }

    private List<Object> keep(Object value, Predicate<Object> test, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object item : orNone(value)) {
            if (test.test(item) == wanted) {
                kept.add(item);
            }
        }
        return kept;
    }

    List<Object> selectBy(Object value, Args args, boolean wanted) {
        UnaryOperator<Object> member = Members.path(args.get(0, "attribute"), None.NONE);
        Predicate<Object> test = tester(args, 1);
        return keep(value, item -> test.test(member.apply(item)), wanted);
    }

    private Predicate<Object> tester(Args args, int at) {
        if (args.positional().size() <= at) {
            return Values::isTrue;
        }
        String test = args.text(at, "test");
        Args rest = new Args(test, args.from(at + 1).positional(), args.named());
        return item -> tests.test(item, test, rest);
    }
}
