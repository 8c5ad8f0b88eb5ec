package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.Cost;
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
        List<PairedRow> others = report.pairedRows(name);
        if (!others.isEmpty()) {
            out.append(
                    "\n  %s against the others, in percentage points\n".formatted(report.focus()));
            out.append(PairedTable.text(others));
        }
        for (SystemRun run : report.systems()) {
            Notes.of(run, set).forEach(note -> out.append("  ! ").append(note).append('\n'));
        }
    }

    private static TextTable overall(EvalReport report, int set) {
        TextTable table =
                TextTable.of(
                        "system",
                        "exact match",
                        "95% interval",
                        "correct",
                        "tokens read",
                        "tokens written",
                        "ms",
                        "ms per right answer");
        for (SystemRun run : report.systems()) {
            SetResult result = run.sets().get(set);
            Accuracy accuracy = result.accuracy();
            Cost cost = result.cost();
            table.row(
                    run.system().name(),
                    Numbers.percent(accuracy.rate()),
                    Numbers.interval(accuracy),
                    Numbers.grouped(accuracy.correct()),
                    Numbers.tenth(cost.promptTokens()),
                    Numbers.tenth(cost.completionTokens()),
                    Numbers.tenth(cost.millis()),
                    Numbers.millisPerRightAnswer(result));
        }
        return table;
    }

    private static TextTable kinds(EvalReport report, int set) {
        List<String> head = new ArrayList<>(List.of("kind", "n"));
        report.systems().forEach(run -> head.add(run.system().name()));
        TextTable table = TextTable.of(head);
        report.kinds(set)
                .forEach((kind, questions) -> {
                    List<String> row = new ArrayList<>(List.of(kind, Numbers.grouped(questions)));
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
}
