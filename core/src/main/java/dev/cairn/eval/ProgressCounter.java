package dev.cairn.eval;

/** Counts results from several threads, so that each count is reported once and in order. */
public final class ProgressCounter {
    private final int total;
    private final Evaluator.Progress progress;
    private int done;
    private int correct;

    /**
     * A counter that has seen nothing yet.
     *
     * @param total questions of the set
     */
    public ProgressCounter(int total, Evaluator.Progress progress) {
        this.total = total;
        this.progress = progress;
    }

    /** Counts a result and reports how far it has come. */
    public synchronized ItemResult count(ItemResult result) {
        done++;
        correct += result.correct() ? 1 : 0;
        progress.update(done, total, correct);
        return result;
    }
}
