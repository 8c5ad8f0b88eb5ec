package dev.cairn.text;

import java.util.List;

/** Hears how an answer comes about, stage by stage, on the thread that asked for it. */
public interface StageListener {
    /** Hears nothing. */
    StageListener NONE = new StageListener() {};

    /** A stage begins to read its prompt. */
    default void started(String stage, String prompt) {}

    /**
     * A stage wrote.
     *
     * @param text what became certain of its output since the last call; may be empty
     * @param tokens the tokens it wrote since the last call
     */
    default void wrote(String stage, String text, List<TokenProbability> tokens) {}

    /** A stage is done, or its output was given. */
    default void finished(StageTrace trace) {}
}
