package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SetResult;
import java.util.List;

/**
 * How often a stage writes its gold text.
 *
 * @param onOwn accuracy after the texts that the stages before it really wrote
 * @param onGold accuracy after their gold texts
 * @param cost the second minus the first: the accuracy that this stage loses through errors of the
 *     stages before it
 */
public record Drift(Accuracy onOwn, Accuracy onGold, PairedComparison cost) {
    static Drift of(String set, String stage, int index, List<Findings> all) {
        SetResult own = Why.results(set, all, f -> f.text(stage, f.own()));
        SetResult gold = Why.results(set, all, f -> f.text(stage, f.underGold().get(index)));
        return new Drift(
                own.accuracy(),
                gold.accuracy(),
                PairedComparison.of("gold texts", gold, "own texts", own, Why.SEED));
    }
}
