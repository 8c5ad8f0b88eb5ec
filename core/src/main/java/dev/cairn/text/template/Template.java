package dev.cairn.text.template;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A prompt template: text with variables in double braces, such as {@code {{input}}}, and no other
 * Mustache feature. Text outside the braces stays as written, including line breaks; values are
 * inserted as they are, never escaped and never parsed as templates.
 */
public final class Template {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

    /** Mustache's other features, by the first character of their tag. */
    private static final Map<Character, String> UNSUPPORTED =
            Map.of(
                    '#', "sections",
                    '^', "inverted sections",
                    '>', "partials",
                    '<', "parents",
                    '$', "blocks",
                    '!', "comments",
                    '=', "other delimiters");

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record Variable(String name) implements Part {}

    private final List<Object> where;
    private final List<Part> parts;

    private Template(List<Object> where, List<Part> parts) {
        this.where = where;
        this.parts = parts;
    }

    /**
     * Parses a template.
     *
     * @param source the template's text
     * @param where its file and key, for messages; the file first
     * @throws CairnException if it contains anything but text and variables, or an unclosed tag
     */
    public static Template parse(String source, Object... where) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (int tag = source.indexOf("{{"); tag >= 0; tag = source.indexOf("{{", at)) {
            // In Mustache, three braces or an ampersand turn off escaping. Here nothing is escaped.
            boolean isTriple = source.startsWith("{{{", tag);
            String open = isTriple ? "{{{" : "{{";
            String close = isTriple ? "}}}" : "}}";
            int end = source.indexOf(close, tag + open.length());
            int nextTag = source.indexOf("{{", tag + open.length());
            if (end < 0 || (nextTag >= 0 && nextTag < end)) {
                throw error(where, "'%s' without a closing '%s'".formatted(open, close));
            }
            String content = source.substring(tag + open.length(), end).strip();
            parts.add(new Literal(source.substring(at, tag)));
            parts.add(new Variable(name(isTriple ? content : withoutAnd(content), where)));
            at = end + close.length();
        }
        parts.add(new Literal(source.substring(at)));
        return new Template(List.of(where), List.copyOf(parts));
    }

    private static String withoutAnd(String content) {
        return content.startsWith("&") ? content.substring(1).strip() : content;
    }

    private static String name(String content, Object... where) {
        if (content.isEmpty()) {
            throw error(where, "empty tag {{}}");
        }
        String shown = content.replaceAll("\\s+", " ");
        String unsupported = UNSUPPORTED.get(content.charAt(0));
        if (unsupported != null) {
            throw error(where, "%s {{%s}} are not supported".formatted(unsupported, shown));
        }
        if (!NAME.matcher(content).matches()) {
            throw error(where, "'" + shown + "' is not a variable name");
        }
        return content;
    }

    /** A template without variables: the text as it is, including braces. */
    public static Template literal(String text) {
        return new Template(List.of(), List.of(new Literal(text)));
    }

    /** The names of the variables, in the order of their first use. */
    public Set<String> variables() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Variable(String name)) {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * Replaces every variable by its value.
     *
     * @param values values by name; extra values are allowed
     * @throws CairnException if a variable has no value
     */
    public String render(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Literal(String literal) -> text.append(literal);
                case Variable(String name) -> text.append(value(name, values));
            }
        }
        return text.toString();
    }

    private String value(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            throw new CairnException(
                            "unknown variable {{"
                                    + name
                                    + "}}; known here: "
                                    + String.join(", ", values.keySet().stream().sorted().toList()))
                    .at(where.toArray());
        }
        return value;
    }

    private static CairnException error(Object[] where, String what) {
        return new CairnException(
                        "bad template: " + what + "; use only variables such as {{input}}")
                .at(where);
    }
}
