package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SystemRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One question shown in full.
 *
 * @param set name of the question set
 * @param system name of the system whose stages are shown
 * @param result its answer, with the traces of the stages
 * @param others the other systems' answers to the same question, by system
 */
public record Example(String set, String system, ItemResult result, List<Fact> others) {
    public Example {
        others = List.copyOf(others);
    }

    /**
     * Picks examples of the system in focus from every set: correct ones, then wrong ones, with
     * each kind of question once before any kind is repeated.
     *
     * @param perOutcome maximum number of correct and of wrong examples per set
     */
    public static List<Example> pick(EvalReport report, int perOutcome) {
        List<Example> examples = new ArrayList<>();
        for (int set = 0; set < report.sets().size(); set++) {
            List<ItemResult> items = report.focusRun().sets().get(set).items();
            for (boolean correct : new boolean[] {true, false}) {
                for (int index : pick(items, correct, perOutcome)) {
                    examples.add(at(report, set, index));
                }
            }
        }
        return examples;
    }

    private static List<Integer> pick(List<ItemResult> items, boolean correct, int limit) {
        List<Integer> newKind = new ArrayList<>();
        List<Integer> seenKind = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            ItemResult result = items.get(i);
            if (result.correct() == correct) {
                (kinds.add(result.item().kind()) ? newKind : seenKind).add(i);
            }
        }
        newKind.addAll(seenKind);
        return newKind.subList(0, Math.min(limit, newKind.size()));
    }

    private static Example at(EvalReport report, int set, int index) {
        List<Fact> others = new ArrayList<>();
        for (SystemRun run : report.systems()) {
            if (!run.system().name().equals(report.focus())) {
                ItemResult result = run.sets().get(set).items().get(index);
                String error = result.error();
                others.add(
                        new Fact(
                                run.system().name(),
                                error == null ? result.answer() : "failed: " + error));
            }
        }
        return new Example(
                report.sets().get(set),
                report.focus(),
                report.focusRun().sets().get(set).items().get(index),
                others);
    }
}
