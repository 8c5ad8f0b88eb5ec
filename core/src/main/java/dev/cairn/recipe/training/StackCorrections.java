package dev.cairn.recipe.training;

import dev.cairn.data.CorrectedText;
import dev.cairn.data.Corrections;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.RequestException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A store that writes corrections to their stack's output folder, where {@code cairn train} finds
 * them.
 */
public final class StackCorrections implements Correction.Store {
    private final Map<String, StackConfig> stacks = new LinkedHashMap<>();

    private StackCorrections() {}

    /** A store for some stacks, found by name. */
    public static StackCorrections of(List<StackConfig> stacks) {
        StackCorrections corrections = new StackCorrections();
        stacks.forEach(stack -> corrections.stacks.put(stack.name(), stack));
        return corrections;
    }

    /** Synchronized, because two stacks may have the same file. */
    @Override
    public synchronized String add(Correction correction) {
        StackConfig stack = stack(correction);
        StageConfig stage = stage(correction, stack);
        checkEarlier(correction, stack, stage);
        boolean isLast = stage.equals(stack.stages().getLast());
        stage.prompt().variables().forEach(name -> requireRead(correction, name));
        stage.target().variables().forEach(name -> requireInCorrection(correction, name, isLast));
        String text = correction.text().strip();
        Path file = stack.correctionsFile();
        Corrections.append(
                file,
                new CorrectedText(
                        stage.name(),
                        correction.input(),
                        inOrder(correction, stack),
                        text,
                        isLast ? text : ""));
        return file.toString();
    }

    private StackConfig stack(Correction correction) {
        StackConfig stack = stacks.get(correction.stack());
        if (stack == null) {
            throw new RequestException(
                    "model",
                    "model: expected one of the stacks %2$s, found '%1$s'"
                            .formatted(correction.stack(), String.join(", ", stacks.keySet())));
        }
        return stack;
    }

    private static StageConfig stage(Correction correction, StackConfig stack) {
        List<StageConfig> trained = stack.trained();
        return trained.stream()
                .filter(stage -> stage.name().equals(correction.stage()))
                .findFirst()
                .orElseThrow(() ->
                        new RequestException(
                                "stage",
                                "stage: expected one of the trained stages %2$s, found '%1$s'"
                                        .formatted(
                                                correction.stage(),
                                                String.join(", ", names(trained)))));
    }

    private static void checkEarlier(Correction correction, StackConfig stack, StageConfig stage) {
        List<String> earlier = names(stack.stages().subList(0, stack.stages().indexOf(stage)));
        for (String name : correction.texts().keySet()) {
            if (!earlier.contains(name)) {
                throw new RequestException(
                        "texts." + name,
                        "texts.%s: expected only texts of the stages before %s: %s"
                                .formatted(name, stage.name(), String.join(", ", earlier)));
            }
        }
    }

    private static void requireRead(Correction correction, String name) {
        if (!name.equals(StackConfig.INPUT) && !correction.texts().containsKey(name)) {
            throw new RequestException(
                    "texts." + name,
                    "texts.%s: missing; stage %s reads it".formatted(name, correction.stage()));
        }
    }

    private static void requireInCorrection(Correction correction, String name, boolean isLast) {
        boolean isKnown =
                name.equals(StackConfig.INPUT)
                        || name.equals(correction.stage())
                        || correction.texts().containsKey(name)
                        || (name.equals(StackConfig.ANSWER) && isLast);
        if (!isKnown) {
            throw new RequestException(
                    "stage",
                    "stage: %s also learns to write {{%s}}, which a correction cannot contain; add an example to the data instead"
                            .formatted(correction.stage(), name));
        }
    }

    private static Map<String, String> inOrder(Correction correction, StackConfig stack) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : names(stack.stages())) {
            String text = correction.texts().get(name);
            if (text != null) {
                texts.put(name, text);
            }
        }
        return texts;
    }

    private static List<String> names(List<StageConfig> stages) {
        return stages.stream().map(StageConfig::name).toList();
    }
}
