package dev.cairn.model;

/** A sequence whose owner's thread reads it by itself. */
final class Alone extends Sequence {
    private final Runnable check;

    Alone(Generator generator, int capacity, Runnable check) {
        super(
                generator,
                Pass.reading(generator.model().kernels(), generator.adapter()),
                generator.model().newCache(capacity));
        this.check = check;
    }

    @Override
    void run(Reading reading) {
        do {
            check.run();
        } while (reading.step());
    }

    @Override
    float[] next(int token) {
        TokenBatch batch = TokenBatch.next(new int[] {token}, cache().length());
        return lastLogits(generator().model().forward(pass(), batch, cache()).hidden());
    }

    @Override
    public void close() {
        // Nobody else knows of it.
    }
}
