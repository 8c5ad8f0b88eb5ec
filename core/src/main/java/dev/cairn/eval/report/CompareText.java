package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Duel;
import java.util.ArrayList;
import java.util.List;

/** A comparison as text for the terminal. */
public final class CompareText {
    private CompareText() {}

    /** Tables, measure by measure. */
    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        for (String measure : comparison.contestants().getFirst().measures()) {
            List<Comparison.Mark> marks = comparison.marksOf(measure);
            out.append(
                    "%s (n = %s)%n".formatted(measure, Numbers.grouped(marks.getFirst().items())));
            out.append(marks(marks)).append('\n');
            out.append(
                    "  %s against the others, in percentage points%n"
                            .formatted(marks.getFirst().system()));
            out.append(duels(comparison.duelsOf(measure))).append('\n');
        }
        return out.append("what they cost\n").append(costs(comparison)).toString();
    }

    private static TextTable marks(List<Comparison.Mark> marks) {
        TextTable table = new TextTable().row(List.of("system", "score", "95% interval", "runs"));
        for (Comparison.Mark mark : marks) {
            table.row(
                    List.of(
                            mark.system(),
                            Numbers.percent(mark.score().mean()),
                            Figures.interval(mark.score()),
                            Figures.runs(mark.runs())));
        }
        return table;
    }

    private static TextTable duels(List<Duel> duels) {
        TextTable table =
                new TextTable()
                        .row(
                                List.of(
                                        "against",
                                        "difference",
                                        "95% interval",
                                        "only it right",
                                        "only other right",
                                        "McNemar p"));
        for (Duel duel : duels) {
            table.row(
                    List.of(
                            duel.second(),
                            Numbers.points(duel.difference().mean()),
                            Figures.pointInterval(duel.difference()),
                            Figures.orDash(duel.onlyFirst()),
                            Figures.orDash(duel.onlySecond()),
                            Figures.pValue(duel.pValue())));
        }
        return table;
    }

    private static TextTable costs(Comparison comparison) {
        TextTable table = new TextTable();
        List<String> head = new ArrayList<>(List.of("per answer, where nothing else is said"));
        comparison.contestants().forEach(contestant -> head.add(contestant.name()));
        table.row(head);
        for (CostLine line : CostLine.values()) {
            List<String> row = new ArrayList<>(List.of(line.label()));
            comparison.contestants().forEach(c -> row.add(line.of(c.costs())));
            table.row(row);
        }
        return table;
    }
}
