package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Corrections;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import java.util.List;

/** The corrections a stack is trained on. */
final class LearntCorrections {
    private LearntCorrections() {}

    /**
     * Those in the stack's folder.
     *
     * @param listener is told which of them no stage learns from
     * @throws CairnException naming file and line when one is bad, or of a stage that is not there
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
