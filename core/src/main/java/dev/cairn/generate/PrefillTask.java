package dev.cairn.generate;

/** A task that is read in pieces, so that the reader can do other work between two pieces. */
interface PrefillTask {
    /** Reads the next piece; returns whether there are more. */
    boolean step();

    /** Reads all remaining pieces. */
    default void finish() {
        while (step()) {
            // step() did the work.
        }
    }
}
