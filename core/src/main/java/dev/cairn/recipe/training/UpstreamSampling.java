package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.Part;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.UpstreamWriter;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Samples what the stages before a stage in training really write. Its prompts then show these
 * texts in place of the gold texts, for the questions that {@code upstream} selects.
 *
 * @param student the stages before it
 */
record UpstreamSampling(
        StackConfig stack, StageConfig stage, UpstreamWriter student, RecipeListener listener) {
    /**
     * The sampled texts by question id and stage name.
     *
     * @throws CairnException if a stage cannot read its prompt; the message names the question
     */
    Map<String, Map<String, String>> of(List<Question> questions) {
        List<Question> chosen =
                questions.stream()
                        .filter(q -> stage.training().showsStudent(stage.name(), q.id()))
                        .toList();
        Map<String, Map<String, String>> written = new HashMap<>();
        if (!chosen.isEmpty()) {
            write(chosen, questions.size());
            // All texts are cached now.
            chosen.forEach(q -> written.put(q.id(), student.texts(q.input())));
        }
        return written;
    }

    /**
     * As in an evaluation: one question per core, and the listener receives the number of correct
     * answers.
     */
    private void write(List<Question> chosen, int all) {
        String last = stack.upstreamOf(stage).getLast().name();
        ItemSet items =
                new ItemSet(
                        "what earlier stages write",
                        chosen.stream().map(question -> item(question, last)).toList());
        String part = stage.name() + ", " + items.name();
        try (Part asking = Part.begin(listener, part, "questions", 0, chosen.size())) {
            SetResult result =
                    Evaluator.withThreads(ThreadPool.threads())
                            .evaluate(
                                    (input, onText) -> ThreadPool.inline(() -> answer(input, last)),
                                    items,
                                    asking::answered);
            result.failures().stream().findFirst().ifPresent(UpstreamSampling::refuse);
            listener.on(
                    new RecipeEvent.Notice(
                            "%s: %d of %d prompts show what earlier stages wrote; %s right in %d of them"
                                    .formatted(
                                            stage.name(),
                                            chosen.size(),
                                            all,
                                            last,
                                            result.accuracy().correct())));
        }
    }

    private static Item item(Question question, String last) {
        String gold = Objects.requireNonNull(question.texts().get(last));
        return new Item(question.id(), question.kind(), question.input(), gold);
    }

    private Answer answer(String input, String last) {
        return new Answer(Objects.requireNonNull(student.texts(input).get(last)), List.of());
    }

    private static void refuse(ItemResult failed) {
        throw new CairnException("question " + failed.item().id() + ": " + failed.error());
    }
}
