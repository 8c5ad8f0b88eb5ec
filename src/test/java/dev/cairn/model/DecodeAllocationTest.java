package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Once decoding is warm, no vector may become an object: that would be megabytes a token, and the
 * collector would run all the time. Counted are the bytes that all threads allocate per token.
 */
class DecodeAllocationTest {
    /** The fewest tokens after which the compiler is done with every kernel, and then some. */
    private static final int MOST_ROUNDS = 60;

    private static final int TOKENS = 100;

    /**
     * Tensors of a layer, sections of work and the copy of the logits, generously; vectors as
     * objects would be some hundred bytes for every sixteen of {@value #WEIGHTS} weights.
     */
    private static final long MOST_BYTES_PER_TOKEN = 200_000;

    private static final int WEIGHTS = 3_400_000;

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void warmDecodingHardlyAllocates(WeightFormat format) {
        CausalLm model = Models.open(Path.of("models/pebble"), format);
        Pass pass = Pass.reading(model.kernels(), null);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > MOST_BYTES_PER_TOKEN; round++) {
            least = Math.min(least, bytesPerToken(model, pass));
        }
        assertThat(least).isLessThan(MOST_BYTES_PER_TOKEN);
    }

    private static long bytesPerToken(CausalLm model, Pass pass) {
        KvCache cache = model.newCache(TOKENS);
        long before = allocated();
        for (int i = 0; i < TOKENS; i++) {
            TokenBatch batch = TokenBatch.next(new int[] {i + 5}, i);
            try (Workspace.Frame frame = pass.frame()) {
                float[] logits =
                        model.head()
                                .forward(pass, model.forward(pass, batch, cache).hidden())
                                .y()
                                .toFloats();
                LogProbs.of(logits, 7);
            }
        }
        return (allocated() - before) / TOKENS;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getTotalThreadAllocatedBytes();
    }
}
