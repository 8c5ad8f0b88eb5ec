package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import dev.cairn.text.jinja.syntax.None;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The filter {@code tojson}: Python's {@code json.dumps} as transformers calls it. */
final class JsonFilter {
    private final Budget budget;
    private final boolean ensureAscii;
    private final boolean sortKeys;
    private final String indent;
    private final boolean isIndented;
    private final String itemSeparator;
    private final String keySeparator;
    private final StringBuilder text = new StringBuilder();

    private JsonFilter(Budget budget, Args args) {
        args.only("ensure_ascii", "indent", "separators", "sort_keys");
        this.budget = budget;
        this.ensureAscii = args.flag(0, "ensure_ascii");
        this.sortKeys = args.flag(3, "sort_keys");
        Object width = args.get(1, "indent", None.NONE);
        this.isIndented = width != None.NONE;
        this.indent = indent(width);
        Object separators = args.get(2, "separators", None.NONE);
        if (separators instanceof List<?> pair && pair.size() == 2) {
            this.itemSeparator = Values.text(pair.get(0), "tojson");
            this.keySeparator = Values.text(pair.get(1), "tojson");
        } else if (separators == None.NONE) {
            this.itemSeparator = isIndented ? "," : ", ";
            this.keySeparator = ": ";
        } else {
            throw new Fault("tojson expects two separators, found " + Values.type(separators));
        }
    }

    private String indent(Object width) {
        return switch (width) {
            case None none -> "";
            case String s -> s;
            default -> budget.spaces(Values.integer(width, "tojson"));
        };
    }

    static String write(Object value, Args args, Budget budget) {
        JsonFilter json = new JsonFilter(budget, args);
        json.value(value, 0);
        return json.text.toString();
    }

    private void value(Object value, int depth) {
        budget.enter();
        budget.step();
        switch (value) {
            case None none -> append("null");
            case Boolean b -> append(b ? "true" : "false");
            case Long n -> append(n.toString());
            case Double d -> append(number(d));
            case String s -> string(s);
            case Safe s -> string(s.text());
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            case Undefined undefined -> throw undefined.fault();
            default -> throw new Fault("tojson cannot write a " + Values.type(value));
        }
        budget.leave();
    }

    private static String number(double d) {
        return switch (Printer.number(d)) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case String finite -> finite;
        };
    }

    private void append(String piece) {
        budget.text(piece.length());
        text.append(piece);
    }

    private void list(List<?> list, int depth) {
        append("[");
        String separator = "";
        for (Object item : list) {
            append(separator);
            line(depth + 1);
            value(item, depth + 1);
            separator = itemSeparator;
        }
        end(list.isEmpty(), depth, "]");
    }

    private void map(Map<?, ?> map, int depth) {
        append("{");
        String separator = "";
        for (Map.Entry<?, ?> entry : (sortKeys ? sorted(map) : map).entrySet()) {
            append(separator);
            line(depth + 1);
            string(entry.getKey().toString());
            append(keySeparator);
            value(entry.getValue(), depth + 1);
            separator = itemSeparator;
        }
        end(map.isEmpty(), depth, "}");
    }

    private static Map<?, ?> sorted(Map<?, ?> map) {
        if (!map.keySet().stream().allMatch(String.class::isInstance)) {
            throw Fault.unsupported("tojson with sort_keys where a key is not text");
        }
        return new TreeMap<>(map);
    }

    private void end(boolean isEmpty, int depth, String bracket) {
        if (!isEmpty) {
            line(depth);
        }
        append(bracket);
    }

    private void line(int depth) {
        if (isIndented) {
            append("\n");
            for (int i = 0; i < depth; i++) {
                append(indent);
            }
        }
    }

    private void string(String value) {
        append("\"");
        budget.text(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int known = "\"\\\n\r\t\b\f".indexOf(c);
            if (known >= 0) {
                text.append('\\').append("\"\\nrtbf".charAt(known));
            } else if (c < ' ' || (ensureAscii && c > '~')) {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        append("\"");
    }
}
