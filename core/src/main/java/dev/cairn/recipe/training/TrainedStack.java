package dev.cairn.recipe.training;

import dev.cairn.eval.LossCurve;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A stack that was trained.
 *
 * @param output the folder of its adapters, one folder per stage
 * @param stages those that were trained this time
 * @param curves how the loss of every stage went down, of all runs in this folder
 * @param report a page with the curves and the settings
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
     * Opens it, to ask it something.
     *
     * @throws dev.cairn.CairnException when a stage has no adapter, because it was not trained yet
     */
    public Stack open() {
        return Stack.open(config, output);
    }
}
