package dev.cairn.model;

import dev.cairn.tensor.Cold;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Workers;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets a small model of zeros write on a thread of its own while files are still being opened: the
 * native library is loaded, and the JVM sees the kernels often enough to compile them. Until it
 * has, all other threads compute without vectors ({@link Cold}). Nothing that is computed depends
 * on how far this came.
 */
public final class WarmUp implements AutoCloseable {
    private static final int HIDDEN = 256;
    private static final int PROMPT = 48;
    private static final int NEW_TOKENS = 8;

    /** Beside other work a round of compiled kernels takes 15 to 25, one of others hundreds. */
    private static final Duration COMPILED = Duration.ofMillis(40);

    private static @Nullable WarmUp running;

    private final long start = System.nanoTime();

    /** When it must be over; null before it is closed. */
    private volatile @Nullable Long end;

    private WarmUp() {}

    /** Begins, or goes on if it has begun already. */
    public static synchronized WarmUp start() {
        if (running != null) {
            return running;
        }
        WarmUp warmUp = new WarmUp();
        running = warmUp;
        Thread.ofPlatform().daemon().name("cairn-warm-up").start(() -> Workers.inline(warmUp::run));
        return warmUp;
    }

    private @Nullable Void run() {
        Cold.begin();
        try {
            CausalLm model = model();
            LoraAdapter adapter = LoraAdapter.fresh(model, adapterConfig(), 0);
            Generator generator = new Generator(model, adapter);
            while (!isOver() && !isCompiled(generator)) {
                // Once more.
            }
        } finally {
            Cold.end();
        }
        return null;
    }

    private boolean isOver() {
        Long last = end;
        return last != null && System.nanoTime() - last > 0;
    }

    private boolean isCompiled(Generator generator) {
        long before = System.nanoTime();
        generator.generate(
                new int[PROMPT], SamplerSettings.greedy(), NEW_TOKENS, chosen -> !isOver());
        return System.nanoTime() - before < COMPILED.toNanos();
    }

    private static CausalLm model() {
        ConfigJson config =
                ConfigJson.of(
                        Path.of("config.json"),
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("model_type", "gpt_neox")
                                .put("vocab_size", HIDDEN)
                                .put("hidden_size", HIDDEN)
                                .put("num_hidden_layers", 1)
                                .put("num_attention_heads", 4)
                                .put("intermediate_size", HIDDEN)
                                .put("max_position_embeddings", PROMPT + NEW_TOKENS));
        return Models.build(config, new Zeros(), Kernels.fastest());
    }

    private static PeftConfig adapterConfig() {
        return new PeftConfig(
                "zeros", null, 8, 8, 0, new TargetModules.AllLinear(), false, Map.of(), Map.of());
    }

    /** Weights as a file would hold them. */
    private record Zeros() implements Weights {
        @Override
        public Parameter matrix(String name, int rows, int cols) {
            var memory = Arena.ofAuto().allocate(2L * rows * cols, 64);
            return new Parameter(
                    name, MappedTensor.of(memory, MappedTensor.Format.BF16, rows, cols), null);
        }

        @Override
        public Parameter gain(String name, int size) {
            return new Parameter(name, Kernels.vector().zeros(1, size), null);
        }

        @Override
        public Parameter bias(String name, int size) {
            return gain(name, size);
        }
    }

    /**
     * Called when all files are open: it ends when the kernels are compiled, or after as long again
     * as it has taken until now.
     */
    @Override
    public void close() {
        synchronized (WarmUp.class) {
            running = null;
        }
        long now = System.nanoTime();
        end = now + (now - start);
    }
}
