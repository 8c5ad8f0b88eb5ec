package dev.cairn.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What stands after a bar. */
final class Filters {
    private final Values values;
    private final Budget budget;
    private final Methods methods;
    private final Tests tests;
    private final Arithmetic arithmetic;

    Filters(Values values, Methods methods, Tests tests, Arithmetic arithmetic) {
        this.values = values;
        this.budget = values.budget();
        this.methods = methods;
        this.tests = tests;
        this.arithmetic = arithmetic;
    }

    Object apply(Object value, String name, Args args) {
        budget.step();
        if (value instanceof Safe
                && !name.equals("safe")
                && !name.equals("string")
                && !name.equals("tojson")) {
            throw Values.safeUsed();
        }
        return switch (name) {
            case "default", "d" -> otherwise(value, args.only("default_value", "boolean"));
            case "length", "count" -> plain(args, values.length(value));
            case "first" -> edge(plain(args, values.items(value)), true);
            case "last" -> edge(plain(args, values.items(value)), false);
            case "list" -> plain(args, values.items(value));
            case "items" -> plain(args, items(value));
            case "dictsort" -> sortedPairs(value, args.only("case_sensitive", "by", "reverse"));
            case "join" -> join(value, args.only("d", "attribute"));
            case "reverse" -> plain(args, reverse(value));
            case "sort" -> sort(value, args.only("reverse", "case_sensitive", "attribute"));
            case "unique" -> unique(value, args.only("case_sensitive", "attribute"));
            case "sum" -> sum(value, args.only("attribute", "start"));
            case "min" -> plain(args, extreme(value, true));
            case "max" -> plain(args, extreme(value, false));
            case "map" -> map(value, args);
            case "select" -> keep(value, tester(args, 0), true);
            case "reject" -> keep(value, tester(args, 0), false);
            case "selectattr" -> keepBy(value, args, true);
            case "rejectattr" -> keepBy(value, args, false);
            case "tojson" -> Json.write(value, args, budget);
            case "safe" -> new Safe(plain(args, values.print(value)));
            case "int" -> integer(value, args.only("default", "base"));
            case "float" -> real(value, args.only("default"));
            case "abs" ->
                    plain(
                            args,
                            Arithmetic.compare(number(value), 0L) < 0
                                    ? Arithmetic.negate(value)
                                    : value);
            default -> text(value, name, args);
        };
    }

    private Object text(Object value, String name, Args args) {
        // Only for the names below: others must not be told that a list is no text.
        return switch (name) {
            case "string" -> plain(args, values.print(value));
            case "trim" ->
                    methods.strip(
                            values.print(value),
                            args.only("chars").get(0, "chars", None.NONE),
                            true,
                            true);
            case "upper" -> plain(args, budget.made(values.print(value).toUpperCase(Locale.ROOT)));
            case "lower" -> plain(args, budget.made(values.print(value).toLowerCase(Locale.ROOT)));
            case "capitalize" -> plain(args, methods.capitalize(values.print(value)));
            case "title" -> plain(args, title(values.print(value)));
            case "replace" -> {
                args.only("old", "new", "count");
                yield methods.replace(
                        values.print(value),
                        args.text(0, "old"),
                        args.text(1, "new"),
                        args.count(2, "count", -1));
            }
            case "indent" -> indent(Values.text(value, name), args.only("width", "first", "blank"));
            default -> throw Fault.unsupported("the filter '" + name + "'");
        };
    }

    private static <T> T plain(Args args, T result) {
        args.only();
        return result;
    }

    private static Object number(Object value) {
        if (!Values.isNumber(value)) {
            throw new Fault("a number was expected, found " + Values.describe(value));
        }
        return value;
    }

    private static Object otherwise(Object value, Args args) {
        boolean isMissing =
                value instanceof Undefined || (args.flag(1, "boolean") && !Values.isTrue(value));
        return isMissing ? args.get(0, "default_value", "") : value;
    }

    private static Object edge(List<Object> items, boolean first) {
        if (items.isEmpty()) {
            return new Undefined("the " + (first ? "first" : "last") + " item of nothing");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private List<Object> items(Object value) {
        return switch (value) {
            case Map<?, ?> map -> methods.pairs(map);
            case Undefined undefined -> new ArrayList<>();
            default -> throw new Fault("items expects a dict, found " + Values.type(value));
        };
    }

    private List<Object> sortedPairs(Object value, Args args) {
        int by =
                switch (args.text(1, "by", "key")) {
                    case "key" -> 0;
                    case "value" -> 1;
                    case String other ->
                            throw new Fault("dictsort sorts by key or value, not by " + other);
                };
        UnaryOperator<Object> key = caseless(args.flag(0, "case_sensitive"));
        return sorted(
                items(value), pair -> key.apply(((Tuple) pair).get(by)), args.flag(2, "reverse"));
    }

    private Object join(Object value, Args args) {
        String separator = values.print(args.get(0, "d", ""));
        UnaryOperator<Object> member = member(args.get(1, "attribute", None.NONE), None.NONE);
        List<Object> texts = new ArrayList<>();
        for (Object item : values.items(value)) {
            texts.add(values.print(member.apply(item)));
        }
        return methods.join(separator, texts);
    }

    private Object reverse(Object value) {
        List<Object> items = values.items(value);
        Collections.reverse(items);
        if (!(value instanceof String)) {
            return items;
        }
        return methods.join("", items);
    }

    private UnaryOperator<Object> caseless(boolean caseSensitive) {
        return item ->
                !caseSensitive && item instanceof String s ? s.toLowerCase(Locale.ROOT) : item;
    }

    private List<Object> sorted(List<Object> items, UnaryOperator<Object> key, boolean reverse) {
        Comparator<Object> order = (a, b) -> values.compare(key.apply(a), key.apply(b));
        items.sort(reverse ? order.reversed() : order);
        return items;
    }

    private Object sort(Object value, Args args) {
        UnaryOperator<Object> caseless = caseless(args.flag(1, "case_sensitive"));
        UnaryOperator<Object> member = member(args.get(2, "attribute", None.NONE), None.NONE);
        return sorted(
                values.items(value),
                item -> caseless.apply(member.apply(item)),
                args.flag(0, "reverse"));
    }

    private Object unique(Object value, Args args) {
        UnaryOperator<Object> caseless = caseless(args.flag(0, "case_sensitive"));
        UnaryOperator<Object> member = member(args.get(1, "attribute", None.NONE), None.NONE);
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : values.items(value)) {
            Object key = caseless.apply(member.apply(item));
            if (!values.contains(seen, key)) {
                seen.add(key);
                unique.add(item);
            }
        }
        return unique;
    }

    private Object sum(Object value, Args args) {
        UnaryOperator<Object> member = member(args.get(0, "attribute", None.NONE), None.NONE);
        Object sum = args.get(1, "start", 0L);
        for (Object item : values.items(value)) {
            sum = arithmetic.binary("+", sum, member.apply(item));
        }
        return sum;
    }

    private Object extreme(Object value, boolean smallest) {
        UnaryOperator<Object> caseless = caseless(false);
        List<Object> items = values.items(value);
        Object extreme = edge(items, true);
        for (Object item : items) {
            int order = values.compare(caseless.apply(item), caseless.apply(extreme));
            extreme = (smallest ? order < 0 : order > 0) ? item : extreme;
        }
        return extreme;
    }

    private Object map(Object value, Args args) {
        UnaryOperator<Object> change;
        if (args.positional().isEmpty()) {
            args.only("attribute", "default");
            change = member(args.get(0, "attribute"), args.get(1, "default", None.NONE));
        } else {
            String filter = args.text(0, "filter");
            change =
                    item ->
                            apply(
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

    /** As jinja2 does in these filters: what is false, even none, holds no items. */
    private List<Object> orNone(Object value) {
        return Values.isTrue(value) ? values.items(value) : new ArrayList<>();
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

    private List<Object> keepBy(Object value, Args args, boolean wanted) {
        UnaryOperator<Object> member = member(args.get(0, "attribute"), None.NONE);
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

    /** The attribute of an item, {@code a.b} for one within another; none is the item itself. */
    private static UnaryOperator<Object> member(Object attribute, Object otherwise) {
        if (attribute == None.NONE) {
            return item -> item;
        }
        String path = Values.text(attribute, "attribute");
        return item -> {
            Object found = item;
            for (String name : path.split("\\.", -1)) {
                found = Members.item(found, name.matches("\\d{1,9}") ? Long.valueOf(name) : name);
            }
            return found instanceof Undefined && otherwise != None.NONE ? otherwise : found;
        };
    }

    private Object integer(Object value, Args args) {
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

    private Object real(Object value, Args args) {
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

    /** jinja2's own rule, not that of {@code str.title}. */
    private String title(String s) {
        StringBuilder text = new StringBuilder();
        boolean begins = true;
        for (int c : s.codePoints().toArray()) {
            text.append(
                    begins
                            ? Character.toString(c).toUpperCase(Locale.ROOT)
                            : Character.toString(c).toLowerCase(Locale.ROOT));
            begins = PyText.isSpace(c) || "-({[<".indexOf(c) >= 0;
        }
        return budget.made(text.toString());
    }

    private String indent(String s, Args args) {
        Object width = args.get(0, "width", 4L);
        String margin =
                width instanceof String text ? text : margin(Values.integer(width, "indent"));
        boolean blank = args.flag(2, "blank");
        StringBuilder text = new StringBuilder(args.flag(1, "first") ? margin : "");
        String before = "";
        for (Object line : PyText.splitLines(s + "\n", false)) {
            String content = (String) line;
            boolean isFirst = before.isEmpty();
            budget.text((long) margin.length() + content.length() + 1);
            text.append(before)
                    .append(!isFirst && (blank || !content.isEmpty()) ? margin : "")
                    .append(content);
            before = "\n";
        }
        return text.toString();
    }

    private String margin(long width) {
        budget.text(Math.max(0, width));
        return " ".repeat((int) Math.max(0, width));
    }

    /** {@code dict(...)}, for the function of that name. */
    static Map<String, Object> dict(Args args) {
        Map<String, Object> dict = new LinkedHashMap<>();
        if (args.positional().size() == 1
                && args.positional().getFirst() instanceof Map<?, ?> map) {
            map.forEach((key, value) -> dict.put(Values.text(key, args.callee()), value));
        } else if (!args.positional().isEmpty()) {
            throw Fault.unsupported(args.callee() + " of anything but a dict and names");
        }
        dict.putAll(args.named());
        return dict;
    }
}
