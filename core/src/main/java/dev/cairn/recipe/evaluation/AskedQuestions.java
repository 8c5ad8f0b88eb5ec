package dev.cairn.recipe.evaluation;

import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemSet;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.StackQuestions;
import java.nio.file.Path;
import java.util.List;

/** Questions to evaluate on, with their path. */
record AskedQuestions(Path path, List<Question> questions) {
    /** Reads a file, or the files of a folder. */
    static AskedQuestions of(Path path, int limit, RecipeListener listener) {
        return new AskedQuestions(
                path, StackQuestions.of(QuestionSet.loadToAsk(path, limit), listener));
    }

    /** The questions as one set, named after the file or folder. */
    ItemSet items() {
        String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        return new ItemSet(
                name.replaceFirst("\\.(jsonl|json|txt)$", ""),
                questions.stream()
                        .map(q -> new Item(q.id(), q.kind(), q.input(), q.answer()))
                        .toList());
    }
}
