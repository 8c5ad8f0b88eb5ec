package dev.cairn.text;

import java.util.List;

/** Receives the progress of an answer, stage by stage, on the thread that asked for it. */
public interface StageListener {
    /** Ignores everything. */
    StageListener NONE = new StageListener() {};

    /** A stage begins to read its prompt. */
    default void started(String stage, String prompt) {}

    /**
     * A stage wrote.
     *
     * @param text the output that has become final since the last call; may be empty
     * @param tokens the tokens generated since the last call
     */
    default void wrote(String stage, String text, List<TokenProbability> tokens) {}

    /** A stage is finished, or its output was given. */
    default void finished(StageTrace trace) {}
}
