package dev.cairn.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happens while a recipe runs. */
public sealed interface RecipeEvent {
    /** A one-line notice for the user, for example about skipped records or truncated prompts. */
    record Notice(String text) implements RecipeEvent {}

    /**
     * A part of the work begins.
     *
     * @param part name of the part, for example a stage in training, a system and its questions, or
     *     the teacher
     * @param unit what {@code total} counts: steps, questions, items or texts
     * @param done how many of them an earlier run has done
     */
    record Started(String part, String unit, int done, int total) implements RecipeEvent {}

    /** Progress within a part of the work. */
    sealed interface Progress extends RecipeEvent {
        /** Name of the part, as in {@link Started}. */
        String part();

        int done();

        int total();
    }

    /**
     * A step of training.
     *
     * @param loss mean loss per predicted token of this step, in nats
     * @param validationLoss mean loss on the validation set, in nats; null if it was not measured
     *     at this step
     * @param measures what else was measured after this step: shares between 0 and 1 by name, such
     *     as those of the probes in pre-training; empty if nothing was
     * @param tokens tokens read in this step
     * @param seconds duration of this step
     */
    record TrainingStep(
            String part,
            int done,
            int total,
            double loss,
            @Nullable Double validationLoss,
            Map<String, Double> measures,
            int tokens,
            double seconds)
            implements Progress {
        public TrainingStep {
            measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
        }

        public double tokensPerSecond() {
            return tokens / seconds;
        }
    }

    /**
     * A question of an evaluation was answered.
     *
     * @param correct number of correct answers so far
     */
    record QuestionAnswered(String part, int done, int total, int correct) implements Progress {}

    /**
     * An item of a benchmark was scored.
     *
     * @param failed number of items without a score so far
     */
    record ItemScored(String part, int done, int total, int failed) implements Progress {}

    /**
     * A teacher answered or failed.
     *
     * @param failed how many of the {@code done} have no text because the teacher failed
     * @param requests number of requests in this run
     */
    record TeacherAsked(String part, int done, int total, int failed, int requests)
            implements Progress {}

    /** A part of the work has ended, well or badly. */
    record Finished(String part) implements RecipeEvent {}

    /** A stage's adapter was trained. */
    record StageTrained(String stage, TrainingOutcome outcome) implements RecipeEvent {}
}
