package dev.cairn.data.distill;

import dev.cairn.data.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one sample of a question through the stages.
 *
 * @param texts of the stages that have one, by name
 * @param visits the stages written by a teacher that it has reached, in order
 * @param state what to do next
 */
record Chain(
        Question question, int sample, Map<String, String> texts, List<Visit> visits, State state) {
    Chain {
        texts = Map.copyOf(texts);
        visits = List.copyOf(visits);
    }

    /** How often the next request has already gone without an answer. */
    int failures() {
        return visits.isEmpty() ? 0 : visits.getLast().failures().size();
    }

    /** What to do next. */
    sealed interface State {
        /** Nothing: every stage has its text. */
        record Complete(Question question) implements State {}

        /** The teacher has to be asked. */
        record Ask(Request request) implements State {}

        /**
         * Nothing: a stage has no text that it could learn.
         *
         * @param reason in words that are the same for every such chain
         */
        record SetAside(String stage, String reason) implements State {
            @Override
            public String toString() {
                return stage + ": " + reason;
            }
        }
    }

    /**
     * A chain's visit to a stage that a teacher writes.
     *
     * @param replies the teacher's replies, each with what is wrong with it
     * @param failures the requests without an answer
     * @param text the first text that has nothing wrong; null if there is none yet
     */
    record Visit(
            Request request, List<Judged> replies, List<Failure> failures, @Nullable String text) {}

    /** A reply and what is wrong with it. */
    record Judged(Outcome.Reply reply, Optional<String> breach, double seconds) {}

    /** A request without an answer. */
    record Failure(String reason, double seconds) {}
}
