package dev.cairn.stack;

import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.Answer;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stacks whose YAML stands in a test. */
public final class Stacks {
    private Stacks() {}

    /** Reads a YAML text as the file {@code stack.yaml} of a folder. */
    public static StackConfig load(Path folder, String yaml) {
        Path file = folder.resolve("stack.yaml");
        AtomicFiles.writeString(file, yaml);
        return StackConfig.load(file, ModelFinder.PATHS);
    }

    /**
     * The same, of the given stages on the base in {@code base}, with adapters in {@code out} and
     * at most 8 tokens per stage that does not say otherwise.
     */
    public static StackConfig ofStages(Path folder, String stages) {
        return load(
                folder,
                """
                name: tiny
                base_model: base
                output_dir: out
                decoding: {max_new_tokens: 8}
                stages:
                """
                        + stages.indent(2));
    }

    public static Stack open(Path folder, String stages) {
        StackConfig config = ofStages(folder, stages);
        return Stack.open(config, config.outputDir());
    }

    /** Writes down what it sees. */
    static final class Notes implements StageListener {
        final List<String> started = new ArrayList<>();
        final List<String> finished = new ArrayList<>();
        final List<String> pieces = new ArrayList<>();

        @Override
        public void started(String stage, String prompt) {
            started.add(stage);
        }

        @Override
        public void wrote(String stage, String text, List<TokenProbability> tokens) {
            if (!text.isEmpty()) {
                pieces.add(text);
            }
        }

        @Override
        public void finished(StageTrace trace) {
            finished.add(trace.stage());
        }
    }

    public static Answer answer(Stack stack, String input) {
        return stack.answer(input, Map.of(), new Notes());
    }

    /** The trace of the only stage of a stack. */
    static StageTrace trace(Stack stack, String input) {
        List<StageTrace> stages = answer(stack, input).stages();
        if (stages.size() != 1) {
            throw new IllegalArgumentException("not one stage but " + stages);
        }
        return stages.getFirst();
    }
}
