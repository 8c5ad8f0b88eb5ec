package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.OpenBase;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.stack.engine.StackOpener;
import dev.cairn.stack.engine.Stage;
import dev.cairn.text.completion.ServedModel;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stacks and models that are served together. Those on the same base share its weights and its
 * batched steps: one pass over the weights processes a token of every active request.
 */
public final class Serving implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final int WARM_UP_CALLERS = 4;
    private static final int CACHE_SHARE_OF_HEAP = 4;

    /** Fewer tokens than the prefix cache keeps of a prompt. */
    private static final int WARM_UP_TOKENS = 48;

    private final WeightFormat format;
    private final long cacheBytes;
    private final Map<Path, OpenBase> bases = new LinkedHashMap<>();
    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final List<Stage> stages = new ArrayList<>();

    private Serving(WeightFormat format, long cacheBytes) {
        this.format = format;
        this.cacheBytes = cacheBytes;
    }

    /**
     * Opens stacks with the adapters in their own output folders, weights as stored, and the
     * default memory for keys and values.
     *
     * @throws CairnException if a model or an adapter is missing or broken, or two have one name
     */
    public static Serving open(StackConfig... stacks) {
        return open(
                Arrays.stream(stacks).map(s -> new Offer(s, s.outputDir())).toList(),
                List.of(),
                WeightFormat.AS_STORED,
                defaultCacheBytes());
    }

    /** A quarter of the heap, in bytes. */
    public static long defaultCacheBytes() {
        return Runtime.getRuntime().maxMemory() / CACHE_SHARE_OF_HEAP;
    }

    /**
     * Opens stacks and bases for serving.
     *
     * @param cacheBytes maximum memory, in bytes, for the keys and values of the running sequences
     *     of one base
     * @throws CairnException if a model or an adapter is missing or broken, or two have one name
     */
    public static Serving open(
            List<Offer> offers,
            List<ModelFinder.Found> plain,
            WeightFormat format,
            long cacheBytes) {
        Serving serving = new Serving(format, cacheBytes);
        try {
            offers.forEach(serving::add);
            // After all stacks, so that the stacks come first in the list.
            offers.forEach(offer -> serving.addBase(found(offer.config())));
            plain.forEach(serving::addBase);
            return serving;
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
    }

    /**
     * A stack to serve.
     *
     * @param outputDir folder of its trained adapters, one subfolder per stage
     */
    public record Offer(StackConfig config, Path outputDir) {}

    private static ModelFinder.Found found(StackConfig config) {
        return new ModelFinder.Found(config.baseModel(), config.baseId());
    }

    /** Adds a stack, and its stages if there is more than one. */
    private void add(Offer offer) {
        StackConfig config = offer.config();
        OpenBase base = base(config.baseModel());
        Stack stack =
                new Stack(
                        config,
                        new StackOpener(config, offer.outputDir(), Clock.systemDefaultZone())
                                .open(base));
        // Computed now and not at the first request, because the adapter may be retrained in
        // between.
        stack.stages().forEach(stage -> stage.adapterDigest().hex());
        stages.addAll(stack.stages());
        add(ServedStack.of(stack, base));
        for (StageConfig stage : config.stages()) {
            add(ServedStage.of(stack, stage.name(), base));
        }
    }

    private void add(ServedModel model) {
        if (models.putIfAbsent(model.card().id(), model) != null) {
            throw new CairnException(
                    "two models are named %s; rename one of them in its YAML"
                            .formatted(model.card().id()));
        }
    }

    private void addBase(ModelFinder.Found found) {
        OpenBase base = base(found.directory());
        StackConfig plain = PlainModel.of(found, null, decoding(base));
        Stage stage =
                new StackOpener(plain, found.directory(), Clock.systemDefaultZone())
                        .open(base)
                        .getFirst();
        ServedBase model = ServedBase.of(plain, stage, base);
        ServedModel other = models.get(model.card().id());
        if (!(other instanceof ServedBase same && same.base() == base)) {
            add(model);
            stages.add(stage);
        }
    }

    /** The default number of new tokens of a stage, or fewer if the window has no room for that. */
    private static DecodingConfig decoding(OpenBase base) {
        DecodingConfig usual = DecodingConfig.DEFAULT;
        return usual.writing(Math.min(usual.maxNewTokens(), base.window() / 2), List.of());
    }

    private OpenBase base(Path directory) {
        return bases.computeIfAbsent(directory.toAbsolutePath().normalize(), this::openBase);
    }

    private OpenBase openBase(Path directory) {
        CausalLm model = Models.open(directory, format);
        return new OpenBase(
                model,
                Tokenizer.load(directory),
                PrefixCache.ofDefaultSize(),
                Batcher.start(model, cacheBytes));
    }

    /**
     * Runs all stages and bases, several at a time, so that the JVM has compiled the code that the
     * first requests need. Takes two seconds.
     */
    public void warmUp() {
        long end = System.nanoTime() + WARM_UP.toNanos();
        try (ExecutorService callers = Executors.newFixedThreadPool(WARM_UP_CALLERS)) {
            for (int caller = 0; caller < WARM_UP_CALLERS; caller++) {
                callers.execute(() -> warmUp(end));
            }
        }
    }

    private void warmUp(long end) {
        try {
            write(end);
        } catch (CairnException e) {
            // For example too little memory; the requests themselves will report it.
        }
    }

    private void write(long end) {
        while (System.nanoTime() < end) {
            for (Stage stage : stages) {
                Generator generator = stage.generator();
                int window = generator.model().config().maxPositions();
                int[] prompt = new int[Math.min(WARM_UP_TOKENS, window / 2)];
                generator.generate(
                        prompt,
                        stage.config().decoding().sampling(),
                        prompt.length,
                        token -> System.nanoTime() < end);
            }
        }
    }

    /** The models in the order of the model list: stacks, each with its stages, then bases. */
    public List<ServedModel> models() {
        return List.copyOf(models.values());
    }

    /**
     * The load of a base.
     *
     * @param running sequences being read or written
     * @param waiting sequences waiting for memory
     * @param bytes memory for the keys and values of the running sequences
     * @param maxBytes the limit of that memory
     * @param steps passes through the model so far, each with one token of every sequence in it
     * @param tokens tokens processed in these passes
     */
    public record Load(
            int running, int waiting, long bytes, long maxBytes, long steps, long tokens) {
        private static Load of(Batcher.Load load) {
            return new Load(
                    load.running(),
                    load.waiting(),
                    load.bytes(),
                    load.maxBytes(),
                    load.steps(),
                    load.tokens());
        }
    }

    /** The load of every base, by its id. */
    public Map<String, Load> loads() {
        Map<String, Load> loads = new LinkedHashMap<>();
        for (ServedModel model : models.values()) {
            if (model instanceof ServedBase served && served.base().batcher() != null) {
                loads.put(served.card().id(), Load.of(served.base().batcher().load()));
            }
        }
        return loads;
    }

    /** Stops all running sequences. */
    @Override
    public void close() {
        for (OpenBase base : bases.values()) {
            if (base.batcher() != null) {
                base.batcher().close();
            }
        }
    }
}
