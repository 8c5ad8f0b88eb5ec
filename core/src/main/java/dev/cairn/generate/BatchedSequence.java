package dev.cairn.generate;

import dev.cairn.Cancellation;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;

/**
 * A sequence that the {@link Engine}'s thread reads together with others. Its owner submits what is
 * to be read next and waits until it has been read.
 */
final class BatchedSequence extends Sequence {
    private final Engine engine;
    private final KvCacheBudget.Reservation reservation;
    private final Cancellation cancellation;

    /**
     * When the owner last received logits ({@link System#nanoTime}). Belongs to the engine, like
     * {@code isSlow}, which says whether the owner was slow to return.
     */
    long lastStepAt;

    boolean isSlow;

    /**
     * @param cancellation checked regularly while the owner waits; an exception it throws ends the
     *     sequence
     */
    BatchedSequence(
            Engine engine,
            KvCacheBudget.Reservation reservation,
            Generator generator,
            KvCache cache,
            Cancellation cancellation) {
        super(
                generator,
                ForwardContext.inference(
                                generator.model().kernels(),
                                generator.adapter(),
                                engine.workspace())
                        .pausing(engine::pause),
                cache);
        this.engine = engine;
        this.reservation = reservation;
        this.cancellation = cancellation;
    }

    @Override
    void run(PrefillTask prefill) {
        engine.scheduler().await(StepRequest.of(this, prefill), cancellation);
    }

    @Override
    float[] next(int token) {
        StepRequest request = StepRequest.of(this, token);
        engine.scheduler().await(request, cancellation);
        return request.logits();
    }

    @Override
    public void close() {
        engine.scheduler().leave(this);
        generator().model().bufferPool().leave(cache());
        reservation.close();
    }
}
