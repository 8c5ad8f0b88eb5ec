package dev.cairn.generate;

import dev.cairn.Cancellation;
import dev.cairn.model.CausalLm;

/**
 * Reads for many sequences at once on one model, whatever their adapters: continuous batching (Yu
 * et al. 2022, Orca). A {@link Generator} that has one can be used by any number of threads; every
 * sequence gets the tokens and probabilities it would get alone, bit for bit. Sequences come and go
 * at any time; the memory for their keys and values is bounded, and who finds no room waits.
 *
 * <p>{@link Engine} says in what order things are read, {@link Scheduler} and {@link KvCacheBudget}
 * who waits for what.
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
     * @param model all generators that use it must have this very one, with frozen weights
     * @param maxBytes memory for the keys and values of all sequences together; {@link
     *     CausalLm#cacheBytes} says what one needs
     */
    public static Batcher start(CausalLm model, long maxBytes) {
        Batcher batcher = new Batcher(model, maxBytes);
        batcher.engine.start();
        return batcher;
    }

    /**
     * How much there is to do.
     *
     * @param running sequences that have their memory
     * @param waiting sequences that wait for memory
     * @param bytes memory that is taken for keys and values
     * @param maxBytes all there is
     * @param steps walks through the model so far, each with one token of every sequence in it
     * @param tokens tokens in these walks
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
     * @param capacity the most tokens it will have
     * @param cancellation asked about ten times a second while its owner waits for anything; what
     *     it throws ends the sequence
     */
    Sequence join(Generator generator, int capacity, Cancellation cancellation) {
        KvCacheBudget.Reservation reservation =
                budget.enter(model.cacheBytes(capacity), cancellation);
        try {
            return new BatchedSequence(
                    engine, reservation, generator, model.newCache(capacity), cancellation);
        } catch (Throwable e) {
            reservation.close();
            throw e;
        }
    }

    /** Sequences that are not finished end with an exception. Returns when the thread has ended. */
    @Override
    public void close() {
        budget.close();
        engine.close();
    }
}
