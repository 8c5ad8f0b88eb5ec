package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.PyText;
import java.util.Locale;

/** Filters of text that differ from Python's methods or have no equivalent there. */
final class TextFilters {
    private final Budget budget;

    TextFilters(Budget budget) {
        this.budget = budget;
    }

    /** jinja2's own rule, not that of {@code str.title}. */
    String title(String s) {
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

    String indent(String s, Args args) {
        Object width = args.get(0, "width", 4L);
        String margin =
                width instanceof String text
                        ? text
                        : budget.spaces(Values.integer(width, "indent"));
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
}
