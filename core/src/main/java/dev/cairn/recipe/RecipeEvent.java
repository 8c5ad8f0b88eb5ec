package dev.cairn.recipe;

import org.jspecify.annotations.Nullable;

/** Something that happens while a recipe runs. */
public sealed interface RecipeEvent {
    /** Something a person should know, in one line: records left out, prompts cut short ... */
    record Notice(String text) implements RecipeEvent {}

    /**
     * A part of the work begins.
     *
     * @param part what it is: a stage that is trained, a system and its questions, the teacher ...
     * @param unit what {@code total} counts: steps, questions, items or texts
     * @param done how many an earlier run has done
     */
    record Started(String part, String unit, int done, int total) implements RecipeEvent {}

    /** A part of the work has come this far. */
    sealed interface Progress extends RecipeEvent {
        /** As in {@link Started}. */
        String part();

        int done();

        int total();
    }

    /**
     * A step of training.
     *
     * @param loss mean per predicted token of this step, in nats
     * @param validationLoss the same of the validation set; null when this step did not measure it
     * @param tokens read in this step
     * @param seconds this step took
     */
    record TrainingStep(
            String part,
            int done,
            int total,
            double loss,
            @Nullable Double validationLoss,
            int tokens,
            double seconds)
            implements Progress {
        public double tokensPerSecond() {
            return tokens / seconds;
        }
    }

    /**
     * A question of an evaluation was answered.
     *
     * @param correct how many answers were right so far
     */
    record QuestionAnswered(String part, int done, int total, int correct) implements Progress {}

    /**
     * An item of a benchmark was scored.
     *
     * @param failed how many items have no score so far
     */
    record ItemScored(String part, int done, int total, int failed) implements Progress {}

    /**
     * A teacher answered, or failed to.
     *
     * @param failed how many of those done lack a text, because the teacher failed
     * @param requests made in this run
     */
    record TeacherAsked(String part, int done, int total, int failed, int requests)
            implements Progress {}

    /** A part of the work has ended, well or badly. */
    record Finished(String part) implements RecipeEvent {}

    /** A stage has its adapter. */
    record StageTrained(String stage, TrainingOutcome outcome) implements RecipeEvent {}
}
