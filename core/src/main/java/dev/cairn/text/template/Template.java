package dev.cairn.text.template;

import com.samskivert.mustache.Mustache;
import dev.cairn.CairnException;
import dev.cairn.text.tokenizer.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A prompt template: text with variables in double braces, such as {@code {{input}}}, and nothing
 * else of Mustache's language. Everything outside the braces stays as it is written, line breaks
 * included; values are put in as they are, never escaped and never read as templates themselves.
 */
public final class Template {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

    /** Tags that Mustache takes away without telling its visitor. */
    private static final Pattern SILENT_TAG = Pattern.compile("\\{\\{\\s*[!=]");

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record Variable(String name) implements Part {}

    private final String where;
    private final List<Part> parts;

    private Template(String where, List<Part> parts) {
        this.where = where;
        this.parts = parts;
    }

    /**
     * Parses a template.
     *
     * @param source the template's text
     * @param where file and key it stands in, for messages
     * @throws CairnException when it holds anything but text and variables, or a tag left open
     */
    public static Template parse(String source, String where) {
        if (SILENT_TAG.matcher(source).find()) {
            throw error(where, "comments {{! }} and other delimiters {{= =}} are not supported");
        }
        Parts parts = new Parts(where);
        try {
            Mustache.compiler().compile(source).visit(parts);
        } catch (CairnException e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser also fails on "{{}}", with an exception of no use to the reader.
            String what = e instanceof IndexOutOfBoundsException ? "empty tag" : Texts.oneLine(e);
            throw new CairnException(message(where, what), e);
        }
        return new Template(where, List.copyOf(parts.parts));
    }

    /** A template without variables: the text as it stands, braces included. */
    public static Template literal(String text) {
        return new Template("", List.of(new Literal(text)));
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
     * The text with every variable replaced by its value.
     *
     * @param values values by name; more than needed are allowed
     * @throws CairnException when a variable has no value
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
                    where
                            + ": unknown variable {{"
                            + name
                            + "}}; known here: "
                            + String.join(", ", values.keySet().stream().sorted().toList()));
        }
        return value;
    }

    private static CairnException error(String where, String what) {
        return new CairnException(message(where, what));
    }

    private static String message(String where, String what) {
        return where + ": bad template: " + what + "; use only variables such as {{input}}";
    }

    private static final class Parts implements Mustache.Visitor {
        private final String where;
        private final List<Part> parts = new ArrayList<>();

        Parts(String where) {
            this.where = where;
        }

        @Override
        public void visitText(String text) {
            if (text.contains("{{")) {
                throw error(where, "'{{' without its '}}'");
            }
            parts.add(new Literal(text));
        }

        @Override
        public void visitVariable(String name) {
            if (!NAME.matcher(name).matches()) {
                throw error(where, "'" + name + "' is no variable's name");
            }
            parts.add(new Variable(name));
        }

        @Override
        public boolean visitInclude(String name) {
            throw error(where, "partials {{>" + name + "}} are not supported");
        }

        @Override
        public boolean visitParent(String name) {
            throw error(where, "parents {{<" + name + "}} are not supported");
        }

        @Override
        public boolean visitBlock(String name) {
            throw error(where, "blocks {{$" + name + "}} are not supported");
        }

        @Override
        public boolean visitSection(String name) {
            throw error(where, "sections {{#" + name + "}} are not supported");
        }

        @Override
        public boolean visitInvertedSection(String name) {
            throw error(where, "inverted sections {{^" + name + "}} are not supported");
        }
    }
}
