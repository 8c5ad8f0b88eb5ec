package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code str.format} with fields such as {@code {}}, {@code {0}} and {@code {name}}. */
final class Format {
    private static final Pattern FIELD =
            Pattern.compile("\\{\\{|\\}\\}|\\{(\\d{0,3}|[A-Za-z_]\\w*)\\}|[{}]");

    private final Budget budget;
    private final Printer printer;

    Format(Budget budget) {
        this.budget = budget;
        this.printer = new Printer(budget);
    }

    String format(String s, Args args) {
        StringBuilder text = new StringBuilder();
        Matcher braces = FIELD.matcher(s);
        int from = 0;
        int next = 0;
        while (braces.find()) {
            text.append(s, from, braces.start());
            from = braces.end();
            String field = braces.group();
            if (field.equals("{{") || field.equals("}}")) {
                text.append(field.charAt(0));
            } else if (braces.group(1) == null) {
                throw Fault.unsupported("the field '" + field + "' in str.format()");
            } else {
                String name = braces.group(1).isEmpty() ? String.valueOf(next++) : braces.group(1);
                int index =
                        Character.isDigit(name.charAt(0))
                                ? Integer.parseInt(name)
                                : Integer.MAX_VALUE;
                text.append(budget.made(printer.print(args.get(index, name))));
            }
        }
        return budget.made(text.append(s, from, s.length()).toString());
    }
}
