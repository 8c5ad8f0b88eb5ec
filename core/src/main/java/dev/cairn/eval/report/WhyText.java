package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.why.Influence;
import dev.cairn.eval.why.StageWhy;
import dev.cairn.eval.why.Why;
import java.util.ArrayList;
import java.util.List;

/** Why a system is right or wrong, as text for the terminal. */
final class WhyText {
    private WhyText() {}

    static String of(Why why) {
        StringBuilder out = new StringBuilder();
        out.append(
                "why: %s on %s (n = %s, wrong %s)\n"
                        .formatted(
                                why.system(),
                                why.set(),
                                Numbers.grouped(why.questions()),
                                Numbers.grouped(why.faults().size())));
        out.append(blame(why)).append('\n').append(drift(why)).append('\n');
        out.append(faithfulness(why));
        WhyNotes.of(why).forEach(note -> out.append("  ! ").append(note).append('\n'));
        return out.toString();
    }

    private static TextTable blame(Why why) {
        TextTable table =
                TextTable.of(
                        "blame",
                        "causes of wrong",
                        "95% interval",
                        "gold here alone",
                        "95% interval",
                        "repairs",
                        "spoils",
                        "McNemar p");
        why.stages().forEach(stage -> table.row(blame(stage)));
        return table;
    }

    private static List<String> blame(StageWhy stage) {
        List<String> row = row(stage, stage.faults());
        Influence influence = stage.influence();
        if (influence != null) {
            addDifference(row, influence.gold());
            row.add(Numbers.grouped(influence.gold().onlyFirst()));
            row.add(Numbers.grouped(influence.gold().onlySecond()));
            row.add(Numbers.pValue(influence.gold().pValue()));
        }
        return row;
    }

    private static TextTable drift(Why why) {
        TextTable table =
                TextTable.of(
                        "drift",
                        "right on own texts",
                        "95% interval",
                        "on gold texts",
                        "95% interval",
                        "difference",
                        "95% interval");
        why.stages().forEach(stage -> table.row(drift(stage)));
        return table;
    }

    private static List<String> drift(StageWhy stage) {
        List<String> row = row(stage, stage.drift().onOwn());
        addShare(row, stage.drift().onGold());
        addDifference(row, stage.drift().cost());
        return row;
    }

    private static TextTable faithfulness(Why why) {
        TextTable table =
                TextTable.of(
                        "faithfulness",
                        "other text: changed",
                        "95% interval",
                        "exact match",
                        "one word: changed",
                        "95% interval",
                        "exact match",
                        "reads as");
        for (StageWhy stage : why.stages()) {
            Influence influence = stage.influence();
            if (influence != null) {
                List<String> row = row(stage, influence.other().changed());
                row.add(Numbers.change(influence.other()));
                addShare(row, influence.altered().changed());
                row.add(Numbers.change(influence.altered()));
                row.add(influence.reliance().toString());
                table.row(row);
            }
        }
        return table;
    }

    /** Begins a row with the stage's name and a share. */
    private static List<String> row(StageWhy stage, Accuracy share) {
        List<String> row = new ArrayList<>(List.of(stage.stage()));
        addShare(row, share);
        return row;
    }

    private static void addShare(List<String> row, Accuracy share) {
        row.add(Numbers.share(share));
        row.add(Numbers.interval(share));
    }

    private static void addDifference(List<String> row, PairedComparison comparison) {
        PairedRow paired = PairedRow.of(comparison);
        row.add(Numbers.points(paired.difference().mean()));
        row.add(Numbers.pointInterval(paired.difference()));
    }
}
