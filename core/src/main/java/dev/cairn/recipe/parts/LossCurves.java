package dev.cairn.recipe.parts;

import dev.cairn.eval.LossCurve;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.train.StepLog;
import dev.cairn.train.TrainLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads loss curves from training logs. */
public final class LossCurves {
    private LossCurves() {}

    /** The curves of a stack's trained stages, for those that have a log. */
    public static List<LossCurve> of(StackConfig stack, Path output) {
        List<LossCurve> curves = new ArrayList<>();
        for (StageConfig stage : stack.trained()) {
            List<StepLog> log = TrainLog.read(output.resolve(stage.name()));
            if (!log.isEmpty()) {
                curves.add(of(stack.name() + ": " + stage.name(), log));
            }
        }
        return curves;
    }

    /** The curve of one run, from the log in its folder. */
    public static LossCurve of(String name, Path run) {
        return of(name, TrainLog.read(run));
    }

    private static LossCurve of(String name, List<StepLog> log) {
        return new LossCurve(
                name,
                log.stream()
                        .map(line -> new LossCurve.Point(line.step(), line.loss(), line.valLoss()))
                        .toList());
    }
}
