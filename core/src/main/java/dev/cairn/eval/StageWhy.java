package dev.cairn.eval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one stage has to do with right and wrong answers; {@link Why} defines every number.
 *
 * @param stage its name
 * @param faults the wrong answers that come from it, of all wrong answers
 * @param drift how often it writes its gold text
 * @param influence what its text does to the answer; null for the last stage, whose text it is
 */
public record StageWhy(String stage, Accuracy faults, Drift drift, @Nullable Influence influence) {

    /** What stands out, in words. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (influence == null) {
            return notes;
        }
        Change other = influence.other();
        if (influence.reliance() == Reliance.DECORATION) {
            notes.add(
                    "%s is decoration: with another question's text in its place %s of %s answers changed"
                            .formatted(
                                    stage,
                                    Numbers.grouped(other.changed().correct()),
                                    Numbers.grouped(other.changed().total())));
        }
        if (other.leftOut() > 0) {
            notes.add(
                    "%s: for %s questions there was no other text to put in its place"
                            .formatted(stage, Numbers.grouped(other.leftOut())));
        }
        return notes;
    }
}
