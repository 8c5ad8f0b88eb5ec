package dev.cairn.generate;

import dev.cairn.Cancellation;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;

/**
 * A sequence that is read together with others, by the {@link Engine}'s thread. Its owner hands in
 * what is to be read next and waits until it is read.
 */
final class BatchedSequence extends Sequence {
    private final Engine engine;
    private final KvCacheBudget.Reservation reservation;
    private final Cancellation cancellation;

    /** When its owner last got logits, and whether it is known to take long; the engine's. */
    long lastStepAt;

    boolean isSlow;

    /**
     * @param cancellation asked now and then while the owner waits; what it throws ends the
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
                        generator.model().kernels(), generator.adapter(), engine.workspace()),
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
        reservation.close();
    }
}
