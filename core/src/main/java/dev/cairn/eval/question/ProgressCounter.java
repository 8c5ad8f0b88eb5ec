package dev.cairn.eval.question;

import dev.cairn.eval.ItemResult;

/** Counts results from several threads and reports each count once and in order. */
public final class ProgressCounter {
    private final String set;
    private final int total;
    private final Evaluator.Progress progress;
    private int done;
    private int correct;

    /**
     * A counter at zero.
     *
     * @param set name of the question set
     * @param total number of its questions
     */
    public ProgressCounter(String set, int total, Evaluator.Progress progress) {
        this.set = set;
        this.total = total;
        this.progress = progress;
    }

    /** Counts a result and reports the progress. */
    public synchronized ItemResult count(ItemResult result) {
        done++;
        correct += result.correct() ? 1 : 0;
        progress.update(done, total, correct);
        return result;
    }

    /** The message for an evaluation that was interrupted after {@code answered} answers. */
    public String interrupted(int answered) {
        return "evaluation of '%s' was interrupted; %d of %d questions had been answered"
                .formatted(set, answered, total);
    }
}
