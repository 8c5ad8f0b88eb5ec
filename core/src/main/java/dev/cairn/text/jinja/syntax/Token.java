package dev.cairn.text.jinja.syntax;

/**
 * A token of a template.
 *
 * @param text a name, an operator, a number's digits, or the value of a string or of plain text
 */
public record Token(Kind kind, String text, int line) {
    enum Kind {
        TEXT,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    String describe() {
        return switch (kind) {
            case TEXT -> "text";
            case BLOCK_BEGIN -> "{%";
            case BLOCK_END -> "%}";
            case VARIABLE_BEGIN -> "{{";
            case VARIABLE_END -> "}}";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
        };
    }
}
