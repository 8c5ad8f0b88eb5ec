package dev.cairn.recipe.bench;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import dev.cairn.config.WeightFormat;
import dev.cairn.data.TokenExample;
import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.ModelSummary;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.PeakMemory;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.support.AtomicFiles;
import dev.cairn.tensor.Processor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model in the form of llama-bench: reading a prompt (pp), writing (tg), writing several
 * sequences at once, and, beyond it, training an adapter of rank 8 on all linear layers. Tokens are
 * chosen at random for prompts and greedily for answers; no end token ends them.
 *
 * @param found the model
 * @param work what is measured
 * @param warmUp how long each test runs before it is measured: Java compiles what runs often, and
 *     until then, figures are of another program
 * @param listener hears what is measured next
 */
public record ModelBench(
        ModelFinder.Found found,
        WeightFormat format,
        Work work,
        Duration warmUp,
        RecipeListener listener) {
    /** Long enough for all kernels. */
    public static final Duration USUAL_WARM_UP = Duration.ofSeconds(2);

    private static final int LORA_R = 8;
    private static final int LORA_ALPHA = 16;

    private static final int PROMPT_TOKENS = 512;
    private static final int NEW_TOKENS = 128;
    private static final int TRAIN_TOKENS = 512;

    /**
     * What is measured; 0 tokens leave a test out. Null means what llama-bench measures, 512 tokens
     * or 128, or as many as the context window has room for.
     *
     * @param promptTokens tokens of the prompt that is read
     * @param newTokens tokens written in a sequence
     * @param depth tokens that stand before them, at least 1
     * @param parallel numbers of sequences that are written at once
     * @param trainTokens tokens of a training step
     * @param repetitions how often each is measured
     */
    public record Work(
            @Nullable Integer promptTokens,
            @Nullable Integer newTokens,
            int depth,
            List<Integer> parallel,
            @Nullable Integer trainTokens,
            int repetitions) {
        public Work {
            parallel = List.copyOf(parallel);
        }

        private Sizes sizes(int window) {
            // The first token that is written is not measured, and the last one is not read.
            int room = window - 1 - depth;
            if (room < 1) {
                throw tooLong("a depth", depth, window - 2);
            }
            return new Sizes(
                    size("a prompt", promptTokens, PROMPT_TOKENS, window - 1),
                    size("an answer", newTokens, NEW_TOKENS, room),
                    size("a training step", trainTokens, TRAIN_TOKENS, window));
        }

        private static int size(String what, @Nullable Integer asked, int usual, int most) {
            if (asked == null) {
                return Math.min(usual, most);
            }
            if (asked > most) {
                throw tooLong(what, asked, most);
            }
            return asked;
        }

        private static CairnException tooLong(String what, int asked, int most) {
            return new CairnException(
                    "%s of %d tokens exceeds the model's context window; expected at most %d"
                            .formatted(what, asked, most));
        }
    }

    private record Sizes(int prompt, int answer, int train) {}

    /**
     * Measures everything.
     *
     * @throws CairnException if the model is missing or broken, or the work does not fit into its
     *     context window
     */
    public BenchResults run() {
        notice("opening the model");
        long start = System.nanoTime();
        CausalLm model = Models.open(found.directory(), format);
        Sizes sizes = work.sizes(model.config().maxPositions());
        Generator generator = new Generator(model, null);
        generator.generateExactly(
                Tokenizer.load(found.directory()).encode("Hello"), 1, token -> true);
        double firstToken = (System.nanoTime() - start) / 1e9;
        List<BenchTest> tests = new ArrayList<>();
        if (sizes.prompt() > 0) {
            tests.add(prefill(generator, sizes.prompt()));
        }
        if (sizes.answer() > 0) {
            for (int sequences : work.parallel()) {
                tests.add(write(generator, sizes.answer(), sequences));
            }
        }
        Long runBytes = PeakMemory.bytes();
        Long trainBytes = null;
        if (sizes.train() > 0) {
            tests.add(train(sizes.train()));
            trainBytes = PeakMemory.bytes();
        }
        return results(firstToken, tests, runBytes, trainBytes);
    }

    private BenchResults results(
            double firstToken,
            List<BenchTest> tests,
            @Nullable Long runBytes,
            @Nullable Long trainBytes) {
        ModelSummary summary = ModelSummary.of(found.directory());
        String id = found.hubId();
        Path directory = found.directory().toAbsolutePath().normalize();
        return new BenchResults(
                id != null ? id : String.valueOf(directory.getFileName()),
                format.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                summary.parameters(),
                summary.weightBytes(),
                ThreadPool.threads(),
                Processor.here().model(),
                firstToken,
                tests,
                runBytes,
                trainBytes);
    }

    private BenchTest prefill(Generator generator, int tokens) {
        int[] prompt = tokens(generator.model(), tokens, 1);
        String name = "pp" + tokens;
        return new BenchTest(
                name,
                tokens,
                0,
                1,
                rates(name, tokens, () -> Throughput.prefill(generator, prompt)));
    }

    private BenchTest write(Generator generator, int tokens, int sequences) {
        String name =
                "tg"
                        + tokens
                        + (work.depth() == 1 ? "" : " @ d" + work.depth())
                        + (sequences == 1 ? "" : " x" + sequences);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            prompts.add(tokens(generator.model(), work.depth(), 2 + i));
        }
        return new BenchTest(
                name,
                sequences * work.depth(),
                sequences * tokens,
                sequences,
                sequences == 1
                        ? decode(name, generator, prompts, tokens)
                        : together(name, generator, prompts, tokens));
    }

    private List<Double> together(
            String name, Generator generator, List<int[]> prompts, int tokens) {
        CausalLm model = generator.model();
        long bytes = prompts.size() * model.cacheBytes(work.depth() + 1 + tokens);
        try (Batcher batcher = Batcher.start(model, bytes)) {
            return decode(name, generator.with(batcher), prompts, tokens);
        }
    }

    private List<Double> decode(String name, Generator generator, List<int[]> prompts, int tokens) {
        return rates(
                name, prompts.size() * tokens, () -> Throughput.decode(generator, prompts, tokens));
    }

    private static int[] tokens(CausalLm model, int count, long seed) {
        return Throughput.tokens(count, model.config().vocabSize(), seed);
    }

    /** Tokens per second of each repetition, once Java has warmed up. */
    private List<Double> rates(String name, int tokens, DoubleSupplier seconds) {
        notice("measuring " + name);
        long begin = System.nanoTime();
        double measured = 0;
        while (measured == 0 || System.nanoTime() - begin < warmUp.toNanos()) {
            measured += seconds.getAsDouble();
        }
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < work.repetitions(); i++) {
            rates.add(tokens / seconds.getAsDouble());
        }
        return rates;
    }

    private BenchTest train(int tokens) {
        notice("measuring training");
        CausalLm model = Models.openBase(found.directory());
        LoraAdapter adapter =
                LoraAdapter.fresh(
                        model,
                        PeftConfig.of(
                                "bench", LORA_R, LORA_ALPHA, 0, new TargetModules.AllLinear()),
                        1);
        List<List<TokenExample>> batches = new ArrayList<>();
        for (int i = 0; i <= work.repetitions(); i++) {
            // One more than is read: the last is only predicted.
            batches.add(List.of(new TokenExample(tokens(model, tokens + 1, i), 1)));
        }
        List<Double> seconds = train(model, adapter, batches);
        List<Double> rates = seconds.stream().skip(1).map(s -> tokens / s).toList();
        return new BenchTest("train" + tokens, tokens, 0, 1, rates);
    }

    private static List<Double> train(
            CausalLm model, LoraAdapter adapter, List<List<TokenExample>> batches) {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("cairn-bench");
            return Throughput.train(model, adapter, batches, directory);
        } catch (IOException e) {
            throw new CairnException(
                    "no folder for the training's checkpoint: " + AtomicFiles.reason(e), e);
        } finally {
            if (directory != null) {
                delete(directory);
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path path : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new CairnException(
                    directory + ": cannot be removed: " + AtomicFiles.reason(e), e);
        }
    }

    private void notice(String text) {
        listener.on(new RecipeEvent.Notice(text));
    }
}
