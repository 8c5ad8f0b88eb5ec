package dev.cairn.recipe.training;

import dev.cairn.eval.LossCurve;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained stack.
 *
 * @param output the folder of its adapters, one subfolder per stage
 * @param stages the stages trained in this run
 * @param curves the loss curve of every stage, from all runs in this folder
 * @param report an HTML page with the curves and the settings
 */
public record TrainedStack(
        StackConfig config,
        Path output,
        List<TrainedStage> stages,
        List<LossCurve> curves,
        Path report) {
    public TrainedStack {
        stages = List.copyOf(stages);
        curves = List.copyOf(curves);
    }

    /**
     * Opens the stack for answering.
     *
     * @throws dev.cairn.CairnException if a stage has no adapter yet
     */
    public Stack open() {
        return Stack.open(config, output);
    }
}
