package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;

/** Whether the answers depend on what a stage writes. */
public enum Reliance {
    /** The answers depend on the text. */
    FOLLOWED("the answer follows"),
    /** The answers hardly depend on it: the stage might as well write anything. */
    DECORATION("decoration"),
    /** There are too few questions to tell. */
    UNCLEAR("too few questions to tell");

    /** Share of changed answers above which a stage counts as having influence. */
    private static final double HARDLY = 0.1;

    private final String words;

    Reliance(String words) {
        this.words = words;
    }

    /**
     * {@link #DECORATION} if, with 95 % confidence, fewer than one answer in ten changes with
     * another question's text; {@link #FOLLOWED} if more do; otherwise {@link #UNCLEAR}.
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
