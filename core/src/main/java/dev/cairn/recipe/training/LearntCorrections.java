package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Corrections;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import java.util.List;

/** Reads the corrections that a stack is trained on. */
final class LearntCorrections {
    private LearntCorrections() {}

    /**
     * The corrections in the stack's folder.
     *
     * @param listener is notified of corrections that no stage learns from
     * @throws CairnException if a correction is invalid or belongs to an unknown stage; the message
     *     names file and line
     */
    static Corrections of(StackConfig stack, RecipeListener listener) {
        Corrections corrections = Corrections.read(stack.correctionsFile());
        List<String> names = names(stack.stages());
        List<String> trained = names(stack.trained());
        corrections
                .stages()
                .forEach((stage, where) -> {
                    if (!names.contains(stage)) {
                        throw new CairnException(
                                "%s: there is no stage %s; the stages are: %s"
                                        .formatted(where, stage, String.join(", ", names)));
                    }
                    if (!trained.contains(stage)) {
                        listener.on(
                                new RecipeEvent.Notice(
                                        "%s: stage %s is not trained, so its corrections are not learnt"
                                                .formatted(where, stage)));
                    }
                });
        return corrections;
    }

    private static List<String> names(List<StageConfig> stages) {
        return stages.stream().map(StageConfig::name).toList();
    }
}
