package dev.cairn.data;

/**
 * A document to pre-train on.
 *
 * @param given what is read and not predicted, or empty: what nobody can foresee, such as invented
 *     words and what happens to them, teaches nothing and drowns what can be learnt
 * @param learnt follows it, and is predicted
 */
public record Document(String given, String learnt) {
    /** A document that is predicted as a whole. */
    public static Document of(String text) {
        return new Document("", text);
    }

    /** The whole document. */
    public String text() {
        return given + learnt;
    }
}
