package dev.cairn.eval.why;

import dev.cairn.eval.PairedComparison;
import java.util.List;

/**
 * The influence of a stage's text on the answer. The text is replaced, the texts before it stay as
 * the system wrote them, and the stages after it run again.
 *
 * @param gold exact match with the gold text in its place, against the plain answers
 * @param other the change with the text that the stage wrote for another question
 * @param altered the change with one word of its text changed
 */
public record Influence(PairedComparison gold, Change other, Change altered) {
    static Influence of(String set, String stage, int index, List<Findings> all) {
        return new Influence(
                PairedComparison.of(
                        "gold " + stage,
                        Why.results(set, all, f -> f.replaced().get(index).byGold()),
                        "own " + stage,
                        Why.results(set, all, Findings::own),
                        Why.SEED),
                Change.of(all, f -> f.replaced().get(index).byOther()),
                Change.of(all, f -> f.replaced().get(index).altered()));
    }

    /** Whether the answers depend on what the stage writes. */
    public Reliance reliance() {
        return Reliance.of(other.changed());
    }
}
