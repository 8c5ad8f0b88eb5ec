package dev.cairn.recipe.evaluation;

import dev.cairn.config.WeightFormat;
import dev.cairn.eval.Fact;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.SystemInfo;
import dev.cairn.recipe.parts.LossCurves;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.DataConfig;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A stack that is open for measuring.
 *
 * @param directory folder of its trained adapters
 * @param format format of the base's weights in memory
 */
record OpenedStack(StackConfig config, Path directory, Stack stack, WeightFormat format) {
    static OpenedStack open(StackConfig config, Path directory, WeightFormat format) {
        return new OpenedStack(
                config, directory, Stack.openForMeasuring(config, directory, format), format);
    }

    String name() {
        return config.name();
    }

    List<LossCurve> curves() {
        return LossCurves.of(config, directory);
    }

    /** The stack's description for reports. */
    SystemInfo info() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Base", config.baseName()));
        facts.add(
                new Fact(
                        "Stages",
                        config.stages().stream()
                                .map(StageConfig::name)
                                .collect(Collectors.joining(", "))));
        facts.add(
                new Fact(
                        "Trained parameters",
                        String.format(Locale.ROOT, "%,d", stack.adapterParameters())));
        facts.add(new Fact("Trained on", trainedOn()));
        return new SystemInfo(config.name(), config.description(), facts);
    }

    private String trainedOn() {
        if (config.trained().isEmpty()) {
            return "nothing";
        }
        return switch (config.data()) {
            case null -> "unknown data";
            case DataConfig.Files files -> trainedOn(files);
            case DataConfig.Stories stories ->
                    String.format(
                            Locale.ROOT,
                            "%,d generated questions, seed %d",
                            stories.count(),
                            stories.seed());
        };
    }

    private static String trainedOn(DataConfig.Files files) {
        DataConfig.Sample sample = files.sample();
        return sample == null
                ? String.valueOf(files.path().getFileName())
                : String.format(
                        Locale.ROOT,
                        "%,d questions of %s, seed %d",
                        sample.count(),
                        files.path().getFileName(),
                        sample.seed());
    }
}
