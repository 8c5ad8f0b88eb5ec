package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;

/** Whether the answers depend on what a stage writes. */
public enum Reliance {
    /** They do. */
    FOLLOWED("the answer follows"),
    /** They hardly do: the stage might as well write anything. */
    DECORATION("decoration"),
    /** It cannot be told from so few questions. */
    UNCLEAR("too few questions to tell");

    /** Answers that may change before a stage counts as having a say. */
    private static final double HARDLY = 0.1;

    private final String words;

    Reliance(String words) {
        this.words = words;
    }

    /**
     * Decoration when, with 95 % confidence, fewer than one answer in ten changes with another
     * question's text; followed when more do.
     */
    static Reliance of(Accuracy changed) {
        if (changed.high() < HARDLY) {
            return DECORATION;
        }
        return changed.low() > HARDLY ? FOLLOWED : UNCLEAR;
    }

    @Override
    public String toString() {
        return words;
    }
}
