package dev.cairn.generate;

import dev.cairn.model.BufferPool;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.TokenBatch;

/** A sequence whose owner's thread reads it by itself. */
final class SingleSequence extends Sequence {
    private final Runnable check;

    SingleSequence(Generator generator, int capacity, Runnable check) {
        super(
                generator,
                ForwardContext.inference(
                        generator.model().kernels(),
                        generator.adapter(),
                        generator.model().bufferPool().workspace()),
                cache(generator.model(), capacity));
        this.check = check;
    }

    private static KvCache cache(CausalLm model, int capacity) {
        KvCache left = model.bufferPool().cache(capacity);
        return left != null ? left : model.newCache(capacity);
    }

    @Override
    void run(PrefillTask prefill) {
        do {
            check.run();
        } while (prefill.step());
    }

    @Override
    float[] next(int token) {
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
