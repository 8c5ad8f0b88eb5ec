package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that is used again must show nobody what it held before. */
class BufferPoolTest {
    private static final int[] LONG = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
    private static final int[] SHORT = {8, 9, 7};

    private static CausalLm model(String type) {
        return TinyModels.frozen(TinyModels.config(type), Kernels.vector());
    }

    /** Log-probabilities of what is written after a prompt. */
    private static List<Double> written(CausalLm model, int... prompt) {
        List<Double> logprobs = new ArrayList<>();
        new Generator(model, TinyModels.adapter(model, 0.1, false))
                .generate(
                        prompt, SamplingParams.GREEDY, 4, chosen -> logprobs.add(chosen.logprob()));
        return logprobs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void theNextSequenceIsAsInAModelOfItsOwn(String type) {
        CausalLm model = model(type);

        assertThat(written(model, LONG)).isEqualTo(written(model(type), LONG));
        assertThat(written(model, SHORT)).isEqualTo(written(model(type), SHORT));
        assertThat(written(model, LONG)).isEqualTo(written(model(type), LONG));
    }

    /** Whoever hangs up leaves a sequence half written. */
    @Test
    void theNextOneAfterASequenceThatFailed() {
        CausalLm model = model("llama");
        Generator generator = new Generator(model, TinyModels.adapter(model, 0.1, false));
        Generator.TokenListener gone =
                chosen -> {
                    throw new IllegalStateException("gone");
                };
        assertThatThrownBy(() -> generator.generate(LONG, SamplingParams.GREEDY, 4, gone))
                .hasMessage("gone");

        assertThat(written(model, LONG)).isEqualTo(written(model("llama"), LONG));
    }

    @Test
    void aCacheIsUsedAgain() {
        CausalLm model = model("llama");
        written(model, LONG);

        KvCache cache =
                Objects.requireNonNull(model.bufferPool().cache(LONG.length), "the cache is left");
        assertThat(cache.length()).isZero();
        assertThat(cache.room()).isEqualTo(LONG.length + 4);
        assertThat(model.bufferPool().cache(1)).as("it is given once").isNull();
    }

    @Test
    void aCacheThatDoesNotFitIsForgotten() {
        BufferPool bufferPool = new BufferPool();
        CausalLm model = model("llama");

        bufferPool.leave(model.newCache(8));
        assertThat(bufferPool.cache(9)).as("too small").isNull();
        bufferPool.leave(model.newCache(8));
        assertThat(bufferPool.cache(1)).as("far too large").isNull();
        bufferPool.leave(model.newCache(8));
        assertThat(bufferPool.cache(2)).isNotNull();
    }

    @Test
    void severalCachesAreLeftAndEachIsGivenOnce() {
        BufferPool bufferPool = new BufferPool();
        CausalLm model = model("llama");
        bufferPool.leave(model.newCache(8));
        bufferPool.leave(model.newCache(9));

        KvCache first = Objects.requireNonNull(bufferPool.cache(8, 8));
        KvCache second = Objects.requireNonNull(bufferPool.cache(8, 9));
        assertThat(first.room()).isEqualTo(8);
        assertThat(second.room()).isEqualTo(9);
        assertThat(bufferPool.cache(8, 9)).isNull();
    }

    /** What is idle may not grow with the number of sequences there once were. */
    @Test
    void idleCachesAreBounded() {
        BufferPool bufferPool = new BufferPool();
        CausalLm model = model("llama");
        int large = (int) ((40L << 20) * 1024 / model.cacheBytes(1024));
        bufferPool.leave(model.newCache(large));
        bufferPool.leave(model.newCache(large));

        assertThat(bufferPool.cache(large)).as("the last one stays").isNotNull();
        assertThat(bufferPool.cache(large)).as("two would be 80 MB").isNull();
    }

    @Test
    void aSequenceOfABatchLeavesItsCacheToTheNextOne() {
        CausalLm model = model("llama");
        try (Batcher batcher = Batcher.start(model, model.cacheBytes(100))) {
            Generator generator = new Generator(model, null).with(batcher);
            List<Double> logprobs = new ArrayList<>();
            generator.generate(LONG, SamplingParams.GREEDY, 4, t -> logprobs.add(t.logprob()));
            KvCache left = Objects.requireNonNull(model.bufferPool().cache(LONG.length));
            assertThat(left.room()).isEqualTo(LONG.length + 4);
            model.bufferPool().leave(left);

            List<Double> again = new ArrayList<>();
            generator.generate(LONG, SamplingParams.GREEDY, 4, t -> again.add(t.logprob()));
            assertThat(again).isEqualTo(logprobs);
            KvCache used = Objects.requireNonNull(model.bufferPool().cache(LONG.length));
            assertThat(used.values(0).tensor()).isSameAs(left.values(0).tensor());
        }
    }

    @Test
    void aWorkspaceIsForOneSequenceAtATime() {
        BufferPool bufferPool = new BufferPool();
        Workspace workspace = bufferPool.workspace();

        assertThat(bufferPool.workspace()).isNotSameAs(workspace);
        bufferPool.leave(workspace);
        assertThat(bufferPool.workspace()).isSameAs(workspace);
        assertThat(bufferPool.workspace()).isNotSameAs(workspace);
    }
}
