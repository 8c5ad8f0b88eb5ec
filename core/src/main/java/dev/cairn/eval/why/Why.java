package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.ExactMatch;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SetResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Explains why a system of stages is right or wrong on a question set. Every question is asked
 * again with the texts of some stages given:
 *
 * <ul>
 *   <li><b>Blame.</b> A wrong answer is caused by the first stage whose gold text, given together
 *       with the gold texts of all stages before it, makes the answer correct; if there is none, by
 *       the last stage. That stage therefore fails even after perfect texts, every wrong answer has
 *       exactly one cause, and the shares add up to one. A second figure is the change in exact
 *       match if only this stage's gold text is given and the texts before it stay as the system
 *       wrote them. It counts what this stage alone can repair, and what breaks because two errors
 *       had cancelled out.
 *   <li><b>Drift.</b> How often a stage writes its gold text after the system's own texts, and how
 *       often after gold texts. The difference is the accuracy lost through earlier stages.
 *   <li><b>Faithfulness.</b> How often the answer changes when a stage's text is replaced by its
 *       text for another question, and when one word of it is changed.
 * </ul>
 *
 * <p>Texts are compared by {@link ExactMatch}. The gold text of the last stage is the gold answer.
 *
 * @param system name of the system
 * @param set name of the question set
 * @param questions number of questions
 * @param failed number of questions without an answer; they count as wrong, also at every stage
 * @param faults every wrong answer with the stage that causes it, in the order of the questions
 * @param stages the stages in order
 */
public record Why(
        String system,
        String set,
        int questions,
        int failed,
        List<Fault> faults,
        List<StageWhy> stages) {
    static final long SEED = 20_260_102;

    public Why {
        faults = List.copyOf(faults);
        stages = List.copyOf(stages);
    }

    static Why of(String system, String set, List<String> stages, List<Findings> all) {
        List<Fault> faults =
                all.stream()
                        .filter(findings -> !findings.own().correct())
                        .map(findings -> Fault.of(findings, stages))
                        .toList();
        List<StageWhy> byStage = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            byStage.add(stage(set, stages, i, all, faults));
        }
        int failed = (int) all.stream().filter(findings -> findings.own().failed()).count();
        return new Why(system, set, all.size(), failed, faults, byStage);
    }

    private static StageWhy stage(
            String set, List<String> stages, int index, List<Findings> all, List<Fault> faults) {
        String stage = stages.get(index);
        int blamed = (int) faults.stream().filter(fault -> fault.stage().equals(stage)).count();
        return new StageWhy(
                stage,
                Accuracy.of(blamed, faults.size()),
                Drift.of(set, stage, index, all),
                index == stages.size() - 1 ? null : Influence.of(set, stage, index, all));
    }

    /** Examples of a stage's faults. */
    public List<Fault> faultsOf(StageWhy stage, int limit) {
        return faults.stream()
                .filter(fault -> fault.stage().equals(stage.stage()))
                .limit(limit)
                .toList();
    }

    /** One answer per question, as a separate set of results. */
    static SetResult results(String set, List<Findings> all, Function<Findings, ItemResult> of) {
        return new SetResult(set, all.stream().map(of).toList());
    }
}
