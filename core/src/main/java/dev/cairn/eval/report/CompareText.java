package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
            List<PairedRow> others =
                    comparison.pairedResultsOf(measure).stream().map(PairedRow::of).toList();
            out.append(PairedTable.text(others)).append('\n');
        }
        return out.append("what they cost\n").append(costs(comparison)).toString();
    }

    private static TextTable marks(List<Comparison.Mark> marks) {
        TextTable table = TextTable.of("system", "score", "95% interval", "runs");
        for (Comparison.Mark mark : marks) {
            table.row(
                    mark.system(),
                    Numbers.percent(mark.score().mean()),
                    Numbers.interval(mark.score()),
                    runs(mark));
        }
        return table;
    }

    /** The scores of single runs in percent, where there are several. */
    static String runs(Comparison.Mark mark) {
        return mark.runs().size() == 1
                ? ""
                : mark.runs().stream()
                        .map(run -> Numbers.decimal(100 * run, 1))
                        .collect(Collectors.joining(" "));
    }

    private static TextTable costs(Comparison comparison) {
        List<String> head = new ArrayList<>(List.of("per answer, where nothing else is said"));
        comparison.systems().forEach(system -> head.add(system.name()));
        TextTable table = TextTable.of(head);
        for (CostLine line : CostLine.values()) {
            List<String> row = new ArrayList<>(List.of(line.label()));
            comparison.systems().forEach(system -> row.add(line.of(system.costs())));
            table.row(row);
        }
        return table;
    }
}
