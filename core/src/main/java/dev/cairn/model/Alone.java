package dev.cairn.model;

/** A sequence whose owner's thread reads it by itself. */
final class Alone extends Sequence {
    private final Runnable check;

    Alone(Generator generator, int capacity, Runnable check) {
        super(
                generator,
                Pass.reading(
                        generator.model().kernels(),
                        generator.adapter(),
                        generator.model().leftovers().workspace()),
                cache(generator.model(), capacity));
        this.check = check;
    }

    private static KvCache cache(CausalLm model, int capacity) {
        KvCache left = model.leftovers().cache(capacity);
        return left != null ? left : model.newCache(capacity);
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
        Leftovers leftovers = generator().model().leftovers();
        leftovers.leave(cache());
        leftovers.leave(pass().workspace());
    }
}
