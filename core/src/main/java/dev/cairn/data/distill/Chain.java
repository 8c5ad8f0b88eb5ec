package dev.cairn.data.distill;

import dev.cairn.data.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one sample of a question has got through the stages.
 *
 * @param texts of the stages that have one, by name
 * @param visits the stages it has passed that a teacher writes, in order
 * @param state what is to be done next
 */
record Chain(
        Question question, int sample, Map<String, String> texts, List<Visit> visits, State state) {
    Chain {
        texts = Map.copyOf(texts);
        visits = List.copyOf(visits);
    }

    /** How often there was no answer to what is to be asked next. */
    int failures() {
        return visits.isEmpty() ? 0 : visits.getLast().failures().size();
    }

    /** What is to be done next. */
    sealed interface State {
        /** Nothing: every stage has its text. */
        record Complete(Question question) implements State {}

        /** A teacher is to be asked. */
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
     * A stage that a teacher writes.
     *
     * @param replies what it said, each with what is wrong with it
     * @param failures why there was no answer, each time there was none
     * @param text the first text with nothing wrong; null while there is none
     */
    record Visit(
            Request request, List<Judged> replies, List<Failure> failures, @Nullable String text) {}

    /** A reply and what is wrong with it. */
    record Judged(Outcome.Reply reply, Optional<String> breach, double seconds) {}

    /** A request without an answer. */
    record Failure(String reason, double seconds) {}
}
