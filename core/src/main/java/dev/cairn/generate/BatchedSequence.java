package dev.cairn.generate;

import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;

/**
 * A sequence that is read together with others, by the {@link Engine}'s thread. Its owner hands in
 * what is to be read next and waits until it is read.
 */
final class BatchedSequence extends Sequence {
    private final Engine engine;
    private final KvCacheBudget.Place place;
    private final Runnable check;

    /** When its owner last got logits, and whether it is known to take long; the engine's. */
    long givenAt;

    boolean isSlow;

    /**
     * @param check called now and then while the owner waits; what it throws ends the sequence
     */
    BatchedSequence(
            Engine engine,
            KvCacheBudget.Place place,
            Generator generator,
            KvCache cache,
            Runnable check) {
        super(
                generator,
                ForwardContext.reading(
                        generator.model().kernels(), generator.adapter(), engine.workspace()),
                cache);
        this.engine = engine;
        this.place = place;
        this.check = check;
    }

    @Override
    void run(PrefillTask reading) {
        engine.turns().await(StepRequest.of(this, reading), check);
    }

    @Override
    float[] next(int token) {
        StepRequest turn = StepRequest.of(this, token);
        engine.turns().await(turn, check);
        return turn.logits();
    }

    @Override
    public void close() {
        engine.turns().leave(this);
        place.close();
    }
}
