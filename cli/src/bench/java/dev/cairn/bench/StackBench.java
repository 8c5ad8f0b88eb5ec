package dev.cairn.bench;

import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Generator;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Four adapters on one base: the memory they take, and what it costs to go from one to another. */
final class StackBench {
    private static final int NEW_TOKENS = 32;
    private static final int PROMPT = 64;
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 4;
    private static final int INSTRUCTION = 512;
    private static final int QUESTION = 60;

    /** Left by the process with one stage for that with more. */
    private static final Path ONE_STAGE = BenchModel.FOLDER.resolve("one-stage-memory");

    private StackBench() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "memory" -> memory(Integer.parseInt(args[1]));
            case "switch" -> switching();
            case "prefix" -> prefix();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** However many stages there are, the same number of prompts is answered. */
    private static void memory(int stages) throws IOException {
        StackConfig config = StackConfig.load(yaml(stages), ModelFinder.PATHS);
        Stack stack = Stack.open(config, config.outputDir());
        String input = "Emma went to the park. ".repeat(40);
        for (int i = 0; i < BenchModel.ADAPTERS / stages * 2; i++) {
            stack.answer(input + i);
        }
        String what = "resident memory of a stack";
        double resident = Measure.residentMegabytes();
        String by = stages + " stages";
        if (stages == 1) {
            Files.writeString(ONE_STAGE, String.valueOf(resident));
            Figure.of(what, resident, "MB").by(by).print();
        } else {
            // Adapters take what they take; all the rest should be there once.
            double adapters = (stages - 1) * 4e-6 * stack.adapterParameters() / stages;
            double one = Double.parseDouble(Files.readString(ONE_STAGE)) + adapters;
            Figure.of(what, resident, "MB", "one stage and the adapters", one).by(by).print();
        }
    }

    /** A stack of as many stages, each with its adapter. */
    static Path yaml(int stages) throws IOException {
        StringBuilder text =
                new StringBuilder(
                        """
                        name: bench
                        base_model: %s
                        output_dir: adapters
                        decoding: {max_new_tokens: %d}
                        stages:
                        """
                                .formatted(
                                        BenchModel.FOLDER.relativize(BenchModel.MODEL),
                                        NEW_TOKENS));
        for (int i = 0; i < stages; i++) {
            text.append("  - {name: stage%d, prompt: \"Stage %d: {{input}}\"}\n".formatted(i, i));
        }
        Path file = BenchModel.FOLDER.resolve("stack" + stages + ".yaml");
        return Files.writeString(file, text);
    }

    /** Rounds with one adapter and with four take turns, since the machine drifts. */
    private static void switching() {
        CausalLm model = BenchModel.open();
        List<Generator> four = new ArrayList<>();
        for (int i = 0; i < BenchModel.ADAPTERS; i++) {
            four.add(new Generator(model, BenchModel.openAdapter(model, i)));
        }
        List<Generator> same = List.of(four.get(0), four.get(0), four.get(0), four.get(0));
        double[] one = new double[ROUNDS];
        double[] alternating = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double a = millisPerToken(same);
            double b = millisPerToken(four);
            if (round >= 0) {
                one[round] = a;
                alternating[round] = b;
            }
        }
        double median = Measure.median(one);
        Figure.of("decode with one adapter", median, "ms/token").print();
        Figure.of(
                        "decode, another of four adapters at each answer",
                        Measure.median(alternating),
                        "ms/token",
                        "with one",
                        median)
                .print();
    }

    private static double millisPerToken(List<Generator> generators) {
        double[] millis = new double[generators.size()];
        for (int i = 0; i < millis.length; i++) {
            Generator.Outcome outcome = write(generators.get(i), BenchModel.tokens(PROMPT, i));
            millis[i] = outcome.decodeMillis() / outcome.tokens();
        }
        return Measure.median(millis);
    }

    private static Generator.Outcome write(Generator generator, int[] prompt) {
        return generator.generate(prompt, SamplingParams.GREEDY, NEW_TOKENS, chosen -> true);
    }

    /** The second request has the instruction of the first and another question. */
    private static void prefix() {
        CausalLm model = BenchModel.open();
        double[] first = new double[ROUNDS];
        double[] second = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            PrefixCache prefixes = PrefixCache.ofDefaultSize();
            Generator generator = new Generator(model, null, prefixes);
            double a = write(generator, prompt(round, 1)).prefillMillis();
            double b = write(generator, prompt(round, 2)).prefillMillis();
            if (round >= 0) {
                first[round] = a;
                second[round] = b;
            }
        }
        double median = Measure.median(first);
        String what = "prompt of %d + %d tokens".formatted(INSTRUCTION, QUESTION);
        Figure.of(what, median, "ms").print();
        Figure.of(what + ", the first part known", Measure.median(second), "ms", "unknown", median)
                .print();
    }

    private static int[] prompt(int round, int request) {
        int[] prompt = Arrays.copyOf(BenchModel.tokens(INSTRUCTION, round), INSTRUCTION + QUESTION);
        int[] question = BenchModel.tokens(QUESTION, 1000L * round + request);
        System.arraycopy(question, 0, prompt, INSTRUCTION, QUESTION);
        return prompt;
    }
}
