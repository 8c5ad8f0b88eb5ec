package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.why.Change;
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
                new TextTable()
                        .row(
                                List.of(
                                        "blame",
                                        "causes of wrong",
                                        "95% interval",
                                        "gold here alone",
                                        "95% interval",
                                        "repairs",
                                        "spoils",
                                        "McNemar p"));
        for (StageWhy stage : why.stages()) {
            List<String> row = new ArrayList<>(List.of(stage.stage()));
            row.addAll(share(stage.faults()));
            Influence influence = stage.influence();
            if (influence != null) {
                PairedComparison gold = influence.gold();
                row.add(Numbers.points(gold.difference()));
                row.add(Numbers.interval(gold));
                row.add(Numbers.grouped(gold.onlyFirst()));
                row.add(Numbers.grouped(gold.onlySecond()));
                row.add(Numbers.pValue(gold.pValue()));
            }
            table.row(row);
        }
        return table;
    }

    private static TextTable drift(Why why) {
        TextTable table =
                new TextTable()
                        .row(
                                List.of(
                                        "drift",
                                        "right on own texts",
                                        "95% interval",
                                        "on gold texts",
                                        "95% interval",
                                        "difference",
                                        "95% interval"));
        for (StageWhy stage : why.stages()) {
            List<String> row = new ArrayList<>(List.of(stage.stage()));
            row.addAll(share(stage.drift().onOwn()));
            row.addAll(share(stage.drift().onGold()));
            row.add(Numbers.points(stage.drift().cost().difference()));
            row.add(Numbers.interval(stage.drift().cost()));
            table.row(row);
        }
        return table;
    }

    private static TextTable faithfulness(Why why) {
        TextTable table =
                new TextTable()
                        .row(
                                List.of(
                                        "faithfulness",
                                        "other text: changed",
                                        "95% interval",
                                        "exact match",
                                        "one word: changed",
                                        "95% interval",
                                        "exact match",
                                        "reads as"));
        for (StageWhy stage : why.stages()) {
            Influence influence = stage.influence();
            if (influence != null) {
                List<String> row = new ArrayList<>(List.of(stage.stage()));
                row.addAll(change(influence.other()));
                row.addAll(change(influence.altered()));
                row.add(influence.reliance().toString());
                table.row(row);
            }
        }
        return table;
    }

    private static List<String> change(Change change) {
        List<String> cells = new ArrayList<>(share(change.changed()));
        cells.add(Numbers.change(change));
        return cells;
    }

    private static List<String> share(Accuracy share) {
        return List.of(Numbers.share(share), Numbers.interval(share));
    }
}
