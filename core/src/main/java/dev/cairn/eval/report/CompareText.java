package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.PairedResult;
import java.util.ArrayList;
import java.util.List;

/** A comparison as text for the terminal. */
public final class CompareText {
    private CompareText() {}

    /** Tables, measure by measure. */
    public static String of(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        for (String measure : comparison.systems().getFirst().measures()) {
            List<Comparison.Mark> marks = comparison.marksOf(measure);
            out.append(
                    "%s (n = %s)%n".formatted(measure, Numbers.grouped(marks.getFirst().items())));
            out.append(marks(marks)).append('\n');
            out.append(
                    "  %s against the others, in percentage points%n"
                            .formatted(marks.getFirst().system()));
            out.append(pairedResults(comparison.pairedResultsOf(measure))).append('\n');
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

    private static TextTable pairedResults(List<PairedResult> pairedResults) {
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
        for (PairedResult result : pairedResults) {
            table.row(
                    List.of(
                            result.second(),
                            Numbers.points(result.difference().mean()),
                            Figures.pointInterval(result.difference()),
                            Figures.orDash(result.onlyFirst()),
                            Figures.orDash(result.onlySecond()),
                            Figures.pValue(result.pValue())));
        }
        return table;
    }

    private static TextTable costs(Comparison comparison) {
        TextTable table = new TextTable();
        List<String> head = new ArrayList<>(List.of("per answer, where nothing else is said"));
        comparison.systems().forEach(system -> head.add(system.name()));
        table.row(head);
        for (CostLine line : CostLine.values()) {
            List<String> row = new ArrayList<>(List.of(line.label()));
            comparison.systems().forEach(c -> row.add(line.of(c.costs())));
            table.row(row);
        }
        return table;
    }
}
