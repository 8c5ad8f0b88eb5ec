package dev.cairn.text.completion;

import dev.cairn.text.StageTrace;
import java.util.List;

/** Watches how a completion comes about, on the thread that asked for it. */
public interface CompletionWatcher {
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

    /**
     * Called again and again, also while nothing is written; an exception thrown here ends the
     * completion, and {@link ServedModel#complete} passes it on.
     */
    default void check() {}
}
