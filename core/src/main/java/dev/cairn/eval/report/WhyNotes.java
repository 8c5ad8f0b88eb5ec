package dev.cairn.eval.report;

import dev.cairn.eval.why.Change;
import dev.cairn.eval.why.Influence;
import dev.cairn.eval.why.Reliance;
import dev.cairn.eval.why.StageWhy;
import dev.cairn.eval.why.Why;
import java.util.ArrayList;
import java.util.List;

/** Notes on the numbers of {@link Why}: the main findings in words, and caveats. */
public final class WhyNotes {
    private WhyNotes() {}

    /** One sentence each, without a period. */
    public static List<String> of(Why why) {
        List<String> notes = new ArrayList<>();
        why.stages().stream()
                .filter(stage -> stage.faults().correct() > 0)
                .forEach(stage -> notes.add(causes(why, stage)));
        why.stages().forEach(stage -> addNotes(notes, stage));
        if (why.failed() > 0) {
            notes.add(
                    "%d of %d questions failed; they count as wrong at every stage"
                            .formatted(why.failed(), why.questions()));
        }
        return notes;
    }

    private static String causes(Why why, StageWhy stage) {
        return "%s causes %s of the %s wrong answers"
                .formatted(
                        stage.stage(),
                        Numbers.percent(stage.faults().rate()),
                        Numbers.grouped(why.faults().size()));
    }

    private static void addNotes(List<String> notes, StageWhy stage) {
        Influence influence = stage.influence();
        if (influence == null) {
            return;
        }
        Change other = influence.other();
        if (influence.reliance() == Reliance.DECORATION) {
            notes.add(
                    "%s is decoration: with another question's text in its place %s of %s answers changed"
                            .formatted(
                                    stage.stage(),
                                    Numbers.grouped(other.changed().correct()),
                                    Numbers.grouped(other.changed().total())));
        }
        if (other.leftOut() > 0) {
            notes.add(
                    "%s: for %s questions there was no other text to put in its place"
                            .formatted(stage.stage(), Numbers.grouped(other.leftOut())));
        }
    }
}
