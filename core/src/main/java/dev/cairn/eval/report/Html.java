package dev.cairn.eval.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML and inline SVG. Text and attribute values are always escaped, so text from a model or
 * a data file can never become markup.
 */
public final class Html {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param attributes alternating names and values
     */
    public Html open(String tag, String... attributes) {
        tag(tag, attributes).append('>');
        open.push(tag);
        return this;
    }

    /** Closes the element opened last. */
    public Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Text, escaped. */
    public Html text(String text) {
        escape(text);
        return this;
    }

    /** A complete element that contains only text. */
    public Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element without content, such as an SVG shape. */
    public Html shape(String tag, String... attributes) {
        tag(tag, attributes).append("/>");
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private StringBuilder tag(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                // Other control characters are not allowed in HTML at all.
                default -> out.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
    }
}
