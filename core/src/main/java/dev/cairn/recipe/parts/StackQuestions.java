package dev.cairn.recipe.parts;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.Sample;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.config.DataConfig;
import dev.cairn.stack.config.StackConfig;
import java.util.List;

/** Reads the questions of a stack. */
public final class StackQuestions {
    private StackQuestions() {}

    /**
     * The questions that a stack is trained on.
     *
     * @throws CairnException if the stack names no data, or they cannot be read
     */
    public static List<Question> toTrainOn(StackConfig stack, RecipeListener listener) {
        DataConfig data = stack.data();
        return switch (data) {
            case null ->
                    throw new CairnException(
                            stack.file()
                                    + ": data: missing, so there is nothing to train on; name a path or stories");
            case DataConfig.Files files -> fromFiles(stack, files, listener);
            case DataConfig.Stories stories ->
                    StoryGenerator.questions(stories.seed(), stories.count(), Split.TRAIN);
        };
    }

    private static List<Question> fromFiles(
            StackConfig stack, DataConfig.Files files, RecipeListener listener) {
        List<Question> questions = of(QuestionSet.load(files.path()), listener);
        DataConfig.Sample sample = files.sample();
        if (sample == null) {
            return questions;
        }
        if (sample.count() > questions.size()) {
            throw new CairnException(
                    "%s: data.sample: expected at most %d, the number of questions in %s, found %d"
                            .formatted(
                                    stack.file(), questions.size(), files.path(), sample.count()));
        }
        return Sample.of(questions, sample.count(), sample.seed());
    }

    /** The questions of a set; skipped records are reported to the listener. */
    public static List<Question> of(QuestionSet set, RecipeListener listener) {
        set.leftOut().forEach(leftOut -> listener.on(new RecipeEvent.Notice(leftOut.toString())));
        return set.questions();
    }
}
