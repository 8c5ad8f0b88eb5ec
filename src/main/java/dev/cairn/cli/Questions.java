package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.Split;
import dev.cairn.data.StoryGenerator;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemSet;
import dev.cairn.stack.DataConfig;
import dev.cairn.stack.StackConfig;
import java.nio.file.Path;
import java.util.List;

/** Question sets as the verbs need them. */
final class Questions {
    private Questions() {}

    /** What a stack is trained on. */
    static List<Question> toTrainOn(StackConfig stack) {
        DataConfig data = stack.data();
        return switch (data) {
            case null ->
                    throw new CairnException(
                            stack.file() + ": data: missing; there is nothing to train on");
            case DataConfig.Files files -> QuestionSet.read(files.path());
            case DataConfig.Stories stories ->
                    StoryGenerator.questions(stories.seed(), stories.count(), Split.TRAIN);
        };
    }

    /** A file, or the files of a folder, as one set to evaluate on, named after it. */
    static ItemSet toAsk(Path path, int limit) {
        String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        return new ItemSet(
                name.replaceFirst("\\.(jsonl|txt)$", ""),
                QuestionSet.read(path, limit).stream()
                        .map(q -> new Item(q.id(), q.kind(), q.input(), q.answer()))
                        .toList());
    }
}
