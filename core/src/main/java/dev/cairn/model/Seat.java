package dev.cairn.model;

/**
 * A sequence that is read together with others, by the {@link Engine}'s thread. Its owner hands in
 * what is to be read next and waits until it is read.
 */
final class Seat extends Sequence {
    private final Engine engine;
    private final Admission.Place place;
    private final Runnable check;

    /** When its owner last got logits, and whether it is known to take long; the engine's. */
    long givenAt;

    boolean isSlow;

    /**
     * @param check called now and then while the owner waits; what it throws ends the sequence
     */
    Seat(Engine engine, Admission.Place place, Generator generator, KvCache cache, Runnable check) {
        super(
                generator,
                Pass.reading(generator.model().kernels(), generator.adapter(), engine.workspace()),
                cache);
        this.engine = engine;
        this.place = place;
        this.check = check;
    }

    @Override
    void run(Reading reading) {
        engine.turns().await(Turn.of(this, reading), check);
    }

    @Override
    float[] next(int token) {
        Turn turn = Turn.of(this, token);
        engine.turns().await(turn, check);
        return turn.logits();
    }

    @Override
    public void close() {
        engine.turns().leave(this);
        place.close();
    }
}
