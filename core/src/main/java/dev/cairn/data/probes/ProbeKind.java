package dev.cairn.data.probes;

import java.util.List;

/** What a probe asks of a model, and in which sizes. */
public enum ProbeKind {
    /** A sequence of random tokens, then the same again. Its size is the sequence's length. */
    REPEAT("repeat", 8, 16, 32, 64),
    /** A table of keys and values, then one of the keys again. Its size is the number of lines. */
    RECALL("recall", 2, 4, 8, 16),
    /** A narrative, then the quote of a person's last sentence. Its size is that of sentences. */
    LAST_LINE("last-line", 4, 8, 16);

    private final String label;
    private final List<Integer> sizes;

    ProbeKind(String label, Integer... sizes) {
        this.label = label;
        this.sizes = List.of(sizes);
    }

    /** The name in tables and logs. */
    public String label() {
        return label;
    }

    /** Sizes it is asked in, ascending. */
    public List<Integer> sizes() {
        return sizes;
    }

    /**
     * Whether every token counts by itself; otherwise an example is right only if all its tokens
     * are.
     */
    public boolean countsTokens() {
        return this == REPEAT;
    }
}
