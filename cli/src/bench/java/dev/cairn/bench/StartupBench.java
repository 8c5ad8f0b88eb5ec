package dev.cairn.bench;

import dev.cairn.config.TargetModules;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From the start of {@code ./cairn run STACK --trace} to the first letter that the first stage
 * writes: the bundled stack, with fresh adapters where none were trained, and one stage of the 160M
 * shape. The launcher's own part is in it.
 */
final class StartupBench {
    private static final int TRIES = 7;
    private static final Path STORIES = Path.of("examples/stories/stack.yaml");
    private static final Path STORIES_BASE = Path.of("models/pebble");

    /** Stages of the bundled stack and the ranks of their adapters. */
    private static final Map<String, Integer> STAGES =
            Map.of("focus", 4, "facts", 20, "reasoning", 4, "answer", 4);

    private static final String QUESTION =
            """
            Emma went to the park. Paul ran to the kitchen. Emma took the ball. Emma walked to the school.
            Where is the ball?\
            """;

    /** What stands before the first letter. */
    private static final String BEFORE = "says:\n  | ";

    private StartupBench() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "bundled" -> {
                Path adapters = Path.of("out/stories/stack");
                if (!LoraAdapter.exists(adapters.resolve("answer"))) {
                    adapters = freshAdapters();
                }
                print("start to first token, bundled stack", STORIES, adapters);
            }
            case "160m" ->
                    print(
                            "start to first token, 160M shape in bf16",
                            StackBench.yaml(1),
                            BenchModel.FOLDER.resolve("adapters"));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void print(String what, Path stack, Path adapters) throws IOException {
        double[] millis = new double[TRIES];
        millisToFirstToken(stack, adapters); // builds, if need be, and brings files into memory
        for (int i = 0; i < TRIES; i++) {
            millis[i] = millisToFirstToken(stack, adapters);
        }
        Figure.of(what, Measure.median(millis), "ms").print();
    }

    private static double millisToFirstToken(Path stack, Path adapters) throws IOException {
        List<String> command = new ArrayList<>(List.of("./cairn", "run", stack.toString()));
        command.addAll(List.of("--trace", "--output", adapters.toString(), QUESTION));
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        StringBuilder text = new StringBuilder();
        double millis = Double.NaN;
        try (InputStream out = process.getInputStream()) {
            int letter = out.read();
            while (letter >= 0) {
                if (Double.isNaN(millis)) {
                    if (text.indexOf(BEFORE) >= 0) {
                        millis = (System.nanoTime() - start) / 1e6;
                    }
                    text.append((char) letter);
                }
                letter = out.read();
            }
        }
        return millis;
    }

    private static Path freshAdapters() {
        Path folder = BenchModel.FOLDER.resolve("stories-adapters");
        CausalLm base = Models.open(STORIES_BASE);
        STAGES.forEach((stage, rank) -> {
            PeftConfig config =
                    new PeftConfig(
                            STORIES_BASE.toString(),
                            null,
                            rank,
                            rank,
                            0,
                            new TargetModules.AllLinear(),
                            false,
                            Map.of(),
                            Map.of());
            LoraAdapter.fresh(base, config, rank).save(folder.resolve(stage));
        });
        return folder;
    }
}
