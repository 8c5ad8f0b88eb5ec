package dev.cairn.generate;

/** Something that is read in pieces, so that whoever reads may do something else between two. */
interface PrefillTask {
    /** Reads the next piece; whether there are more. */
    boolean step();

    /** Reads all that is left. */
    default void finish() {
        while (step()) {
            // The next piece.
        }
    }
}
