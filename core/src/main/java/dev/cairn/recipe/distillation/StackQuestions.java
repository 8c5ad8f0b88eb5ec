package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.data.LeftOut;
import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.Sample;
import dev.cairn.data.Split;
import dev.cairn.data.StoryGenerator;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemSet;
import dev.cairn.stack.DataConfig;
import dev.cairn.stack.StackConfig;
import java.nio.file.Path;
import java.util.List;

/** Question sets as the verbs need them; what a set left out is told on stderr. */
final class StackQuestions {
    private StackQuestions() {}

    /** What a stack is trained on. */
    static List<Question> toTrainOn(StackConfig stack) {
        DataConfig data = stack.data();
        return switch (data) {
            case null ->
                    throw new CairnException(
                            stack.file() + ": data: missing; there is nothing to train on");
            case DataConfig.Files files -> fromFiles(stack, files);
            case DataConfig.Stories stories ->
                    StoryGenerator.questions(stories.seed(), stories.count(), Split.TRAIN);
        };
    }

    private static List<Question> fromFiles(StackConfig stack, DataConfig.Files files) {
        List<Question> questions = told(QuestionSet.load(files.path()));
        DataConfig.Sample sample = files.sample();
        if (sample == null) {
            return questions;
        }
        if (sample.count() > questions.size()) {
            throw new CairnException(
                    "%s: data.sample: expected at most %d, as many as %s has, found %d"
                            .formatted(
                                    stack.file(), questions.size(), files.path(), sample.count()));
        }
        return Sample.of(questions, sample.count(), sample.seed());
    }

    /** A file, or the files of a folder, as one set to evaluate on, named after it. */
    static Asked toAsk(Path path, int limit) {
        return new Asked(path, told(QuestionSet.loadToAsk(path, limit)));
    }

    /** Questions to evaluate on. */
    record Asked(Path path, List<Question> questions) {
        ItemSet items() {
            String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
            return new ItemSet(
                    name.replaceFirst("\\.(jsonl|json|txt)$", ""),
                    questions.stream()
                            .map(q -> new Item(q.id(), q.kind(), q.input(), q.answer()))
                            .toList());
        }
    }

    private static List<Question> told(QuestionSet set) {
        for (LeftOut leftOut : set.leftOut()) {
            System.err.println(leftOut);
        }
        return set.questions();
    }
}
