package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.distill.Answers;
import dev.cairn.data.distill.DistillationPlan;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.DistillationPlans;
import dev.cairn.recipe.parts.StackQuestions;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Collects the questions a stack is trained on, with its teacher's texts. */
final class TrainingQuestions {
    private TrainingQuestions() {}

    /**
     * Questions with a text at every stage.
     *
     * @param listener is notified of the number of questions left out
     * @throws CairnException if a stage has neither gold texts nor a teacher, or no question is
     *     complete yet
     */
    static List<Question> of(StackConfig stack, Tokenizer tokenizer, RecipeListener listener) {
        DistillationPlan plan = DistillationPlans.of(stack, tokenizer);
        List<Question> all = StackQuestions.toTrainOn(stack, listener);
        DistillationPlan.Taught taught = plan.taught(all, Answers.read(stack.teacherFile()));
        String missing = missing(taught);
        if (taught.questions().isEmpty()) {
            throw new CairnException(
                    "%s: no question has a text at every stage: %s%s"
                            .formatted(
                                    stack.file(),
                                    missing,
                                    taught.withoutText() == 0
                                            ? ""
                                            : "; write them with: cairn distill " + stack.file()));
        }
        if (!missing.isEmpty()) {
            listener.on(
                    new RecipeEvent.Notice(
                            "%s: training on %d questions; left out: %s"
                                    .formatted(stack.file(), taught.questions().size(), missing)));
        }
        return taught.questions();
    }

    /** The number of questions without a text at some stage, and why. */
    private static String missing(DistillationPlan.Taught taught) {
        List<String> missing = new ArrayList<>();
        if (taught.withoutText() > 0) {
            missing.add(taught.withoutText() + " still wait for the teacher");
        }
        taught.setAside().forEach((why, n) -> missing.add(n + " set aside, " + why));
        return String.join("; ", missing);
    }
}
