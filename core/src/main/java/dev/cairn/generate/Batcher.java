package dev.cairn.generate;

import dev.cairn.Cancellation;
import dev.cairn.model.CausalLm;
import dev.cairn.model.KvCache;

/**
 * A continuous batcher (Yu et al. 2022, Orca): runs many sequences at once on one model, each with
 * its own adapter or none. A {@link Generator} with a batcher can be used by any number of threads;
 * every sequence gets the tokens and probabilities it would get alone, bit for bit. Sequences can
 * join and leave at any time; memory for keys and values is bounded, and a sequence that does not
 * fit waits.
 *
 * <p>{@link Engine} decides in what order things are read; {@link Scheduler} and {@link
 * KvCacheBudget} decide who waits for what.
 */
public final class Batcher implements AutoCloseable {
    private final CausalLm model;
    private final KvCacheBudget budget;
    private final Engine engine;

    private Batcher(CausalLm model, long maxBytes) {
        this.model = model;
        this.budget = new KvCacheBudget(maxBytes);
        this.engine = new Engine(model);
    }

    /**
     * Starts the thread that reads.
     *
     * @param model must be the same instance in all generators that use the batcher, with frozen
     *     weights
     * @param maxBytes bytes for the keys and values of all sequences together; {@link
     *     CausalLm#cacheBytes} gives the size of one
     */
    public static Batcher start(CausalLm model, long maxBytes) {
        Batcher batcher = new Batcher(model, maxBytes);
        batcher.engine.start();
        return batcher;
    }

    /**
     * The current load of a batcher.
     *
     * @param running sequences that hold memory
     * @param waiting sequences that wait for memory
     * @param bytes memory in use for keys and values
     * @param maxBytes memory available for keys and values
     * @param steps decoding steps so far, each a forward pass over one token of every sequence in
     *     it
     * @param tokens tokens in these steps
     */
    public record Load(
            int running, int waiting, long bytes, long maxBytes, long steps, long tokens) {}

    public Load load() {
        return budget.load(engine.steps(), engine.tokens());
    }

    CausalLm model() {
        return model;
    }

    /**
     * Waits until there is room for one more sequence.
     *
     * @param capacity maximum number of tokens of the sequence
     * @param cancellation checked about ten times a second while the owner waits for anything; an
     *     exception it throws ends the sequence
     */
    Sequence join(Generator generator, int capacity, Cancellation cancellation) {
        KvCacheBudget.Reservation reservation =
                budget.enter(model.cacheBytes(capacity), cancellation);
        try {
            // Hardly larger than what was reserved.
            KvCache left = model.bufferPool().cache(capacity, capacity + capacity / 8);
            return new BatchedSequence(
                    engine,
                    reservation,
                    generator,
                    left != null ? left : model.newCache(capacity),
                    cancellation);
        } catch (Throwable e) {
            reservation.close();
            throw e;
        }
    }

    /**
     * Stops reading; unfinished sequences end with an exception. Returns when the thread has ended.
     */
    @Override
    public void close() {
        budget.close();
        engine.close();
    }
}
