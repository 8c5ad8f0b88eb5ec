package dev.cairn.serve;

import dev.cairn.text.StageTrace;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.TokenProbability;
import java.util.List;
import java.util.Optional;

/** How a client is told what is answered: at the end, or as it comes about. */
interface Reply {
    /** A stage begins to read its prompt. */
    default void started(String stage, String prompt) {}

    /** A stage wrote, for the choice of that index. */
    default void wrote(int index, String stage, String text, List<TokenProbability> tokens) {}

    /** A stage is done. */
    default void finished(StageTrace trace) {}

    /** A choice is whole. */
    default void completed(int index, Completion completion) {}

    /** Called again and again while nothing else happens. */
    default void beat() {}

    /** All choices are whole. */
    void done(List<Completion> completions, Optional<String> traceId);

    /** Whether it is too late for a status that says what went wrong. */
    default boolean hasBegun() {
        return false;
    }

    /** Says what went wrong, once it has begun. */
    default void fail(Problem problem) {}
}
