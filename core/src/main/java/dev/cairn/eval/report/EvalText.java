package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.Cost;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import java.util.ArrayList;
import java.util.List;

/** An evaluation as text for the terminal. */
final class EvalText {
    private EvalText() {}

    static String of(EvalReport report) {
        StringBuilder out = new StringBuilder();
        for (int set = 0; set < report.sets().size(); set++) {
            out.append(set == 0 ? "" : "\n");
            addSet(out, report, set);
        }
        report.whys().forEach(why -> out.append('\n').append(WhyText.of(why)));
        return out.toString();
    }

    private static void addSet(StringBuilder out, EvalReport report, int set) {
        String name = report.sets().get(set);
        int questions = report.systems().getFirst().sets().get(set).items().size();
        out.append("%s (n = %s)\n".formatted(name, Numbers.grouped(questions)));
        out.append(overall(report, set)).append('\n').append(kinds(report, set));
        List<PairedComparison> comparisons =
                report.comparisons().stream().filter(c -> c.set().equals(name)).toList();
        if (!comparisons.isEmpty()) {
            out.append(
                    "\n  %s against the others, in percentage points\n".formatted(report.focus()));
            out.append(comparisons(comparisons));
        }
        for (SystemRun run : report.systems()) {
            Notes.of(run, set).forEach(note -> out.append("  ! ").append(note).append('\n'));
        }
    }

    private static TextTable overall(EvalReport report, int set) {
        TextTable table =
                new TextTable()
                        .row(
                                List.of(
                                        "system",
                                        "exact match",
                                        "95% interval",
                                        "correct",
                                        "tokens read",
                                        "tokens written",
                                        "ms"));
        for (SystemRun run : report.systems()) {
            SetResult result = run.sets().get(set);
            Accuracy accuracy = result.accuracy();
            Cost cost = result.cost();
            table.row(
                    List.of(
                            run.system().name(),
                            Numbers.percent(accuracy.rate()),
                            Numbers.interval(accuracy),
                            Numbers.grouped(accuracy.correct()),
                            Numbers.tenth(cost.promptTokens()),
                            Numbers.tenth(cost.completionTokens()),
                            Numbers.tenth(cost.millis())));
        }
        return table;
    }

    private static TextTable kinds(EvalReport report, int set) {
        TextTable table = new TextTable();
        List<String> header = new ArrayList<>(List.of("kind", "n"));
        report.systems().forEach(run -> header.add(run.system().name()));
        table.row(header);
        report.systems()
                .getFirst()
                .sets()
                .get(set)
                .byKind()
                .forEach((kind, any) -> {
                    List<String> row = new ArrayList<>(List.of(kind, Numbers.grouped(any.total())));
                    for (SystemRun run : report.systems()) {
                        row.add(cell(run.sets().get(set).accuracy(kind)));
                    }
                    table.row(row);
                });
        return table;
    }

    private static String cell(Accuracy accuracy) {
        return Numbers.percent(accuracy.rate()) + " " + Numbers.interval(accuracy);
    }

    private static TextTable comparisons(List<PairedComparison> comparisons) {
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
        for (PairedComparison c : comparisons) {
            table.row(
                    List.of(
                            c.second(),
                            Numbers.points(c.difference()),
                            Numbers.interval(c),
                            Numbers.grouped(c.onlyFirst()),
                            Numbers.grouped(c.onlySecond()),
                            Numbers.pValue(c.pValue())));
        }
        return table;
    }
}
