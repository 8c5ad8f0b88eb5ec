package dev.cairn.generate;

import dev.cairn.Cancellation;
import dev.cairn.model.BufferPool;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.TokenBatch;

/** A sequence that is read alone, on its owner's thread. */
final class SingleSequence extends Sequence {
    private final Cancellation cancellation;

    SingleSequence(Generator generator, int capacity, Cancellation cancellation) {
        super(
                generator,
                ForwardContext.inference(
                        generator.model().kernels(),
                        generator.adapter(),
                        generator.model().bufferPool().workspace()),
                cache(generator.model(), capacity));
        this.cancellation = cancellation;
    }

    private static KvCache cache(CausalLm model, int capacity) {
        KvCache left = model.bufferPool().cache(capacity);
        return left != null ? left : model.newCache(capacity);
    }

    @Override
    void run(PrefillTask prefill) {
        do {
            cancellation.check();
        } while (prefill.step());
    }

    @Override
    float[] next(int token) {
        cancellation.check();
        TokenBatch batch = TokenBatch.next(new int[] {token}, cache().length());
        return lastLogits(generator().model().forward(pass(), batch, cache()).hidden());
    }

    @Override
    public void close() {
        BufferPool bufferPool = generator().model().bufferPool();
        bufferPool.leave(cache());
        bufferPool.leave(pass().workspace());
    }
}
