package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.Locale;

/** Applies filters by name: {@code value | name(arguments)}. */
final class Filters {
    private final Budget budget;
    private final Printer printer;
    private final Items items;
    private final Texts texts;
    private final TextFilters textFilters;
    private final ListFilters lists;
    private final Sorting sorting;
    private final Selection selection;

    Filters(Budget budget, Tests tests, Arithmetic arithmetic) {
        this.budget = budget;
        this.printer = new Printer(budget);
        this.items = new Items(budget);
        this.texts = new Texts(budget);
        this.textFilters = new TextFilters(budget);
        this.lists = new ListFilters(budget, arithmetic);
        this.sorting = new Sorting(budget);
        this.selection = new Selection(budget, this, tests);
    }

    Object apply(Object value, String name, Args args) {
        budget.step();
        if (value instanceof Safe
                && !name.equals("safe")
                && !name.equals("string")
                && !name.equals("tojson")) {
            throw Safe.used();
        }
        return switch (name) {
            case "default", "d" -> otherwise(value, args.only("default_value", "boolean"));
            case "length", "count" -> args.plain(items.length(value));
            case "first" -> ListFilters.edge(args.plain(items.of(value)), true);
            case "last" -> ListFilters.edge(args.plain(items.of(value)), false);
            case "list" -> args.plain(items.of(value));
            case "items" -> args.plain(items.entries(value));
            case "dictsort" ->
                    sorting.dictsort(value, args.only("case_sensitive", "by", "reverse"));
            case "join" -> lists.join(value, args.only("d", "attribute"));
            case "reverse" -> args.plain(lists.reverse(value));
            case "sort" -> sorting.sort(value, args.only("reverse", "case_sensitive", "attribute"));
            case "unique" -> sorting.unique(value, args.only("case_sensitive", "attribute"));
            case "sum" -> lists.sum(value, args.only("attribute", "start"));
            case "min" -> args.plain(sorting.extreme(value, true));
            case "max" -> args.plain(sorting.extreme(value, false));
            case "map" -> selection.map(value, args);
            case "select" -> selection.select(value, args, true);
            case "reject" -> selection.select(value, args, false);
            case "selectattr" -> selection.selectBy(value, args, true);
            case "rejectattr" -> selection.selectBy(value, args, false);
            case "tojson" -> JsonFilter.write(value, args, budget);
            case "safe" -> new Safe(args.plain(printer.print(value)));
            case "int" -> NumberFilters.integer(value, args.only("default", "base"));
            case "float" -> NumberFilters.real(value, args.only("default"));
            case "abs" -> args.plain(NumberFilters.absolute(value));
            default -> text(value, name, args);
        };
    }

    private Object text(Object value, String name, Args args) {
        // Only the filters below need text: an unknown filter must not fail because the value is a
        // list.
        return switch (name) {
            case "string" -> args.plain(printer.print(value));
            case "trim" -> texts.strip(printer.print(value), args, true, true);
            case "upper" -> args.plain(budget.made(printer.print(value).toUpperCase(Locale.ROOT)));
            case "lower" -> args.plain(budget.made(printer.print(value).toLowerCase(Locale.ROOT)));
            case "capitalize" -> args.plain(texts.capitalize(printer.print(value)));
            case "title" -> args.plain(textFilters.title(printer.print(value)));
            case "replace" -> texts.replace(printer.print(value), args);
            case "indent" ->
                    textFilters.indent(
                            Values.text(value, name), args.only("width", "first", "blank"));
            default -> throw Fault.unsupported("the filter '" + name + "'");
        };
    }

    private static Object otherwise(Object value, Args args) {
        boolean isMissing =
                value instanceof Undefined || (args.flag(1, "boolean") && !Values.isTrue(value));
        return isMissing ? args.get(0, "default_value", "") : value;
    }
}
