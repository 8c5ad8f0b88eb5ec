package dev.cairn.eval.why;

import dev.cairn.eval.ItemResult;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.text.StagedAnswerer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks one question repeatedly, each time with the texts of other stages given. */
final class Probe {
    private final StagedAnswerer system;
    private final ItemResult own;

    /** Answers by the texts that were given. */
    private final Map<Map<String, String>, ItemResult> known = new HashMap<>();

    private Probe(StagedAnswerer system, ItemResult own) {
        this.system = system;
        this.own = own;
    }

    /**
     * Runs all combinations.
     *
     * @param own the plain answer
     * @param gold the gold text of every stage
     * @param swaps replacements for the stages' texts, by stage
     */
    static Findings of(
            StagedAnswerer system,
            ItemResult own,
            Map<String, String> gold,
            Map<String, Swap> swaps) {
        Probe probe = new Probe(system, own);
        List<ItemResult> underGold = new ArrayList<>(List.of(own));
        List<Findings.Replaced> replaced = new ArrayList<>();
        Map<String, String> goldBefore = new HashMap<>();
        Map<String, String> ownBefore = new HashMap<>();
        for (String stage : system.stages().subList(0, system.stages().size() - 1)) {
            String text = gold.getOrDefault(stage, "");
            Swap swap = swaps.getOrDefault(stage, Swap.NONE);
            underGold.add(probe.given(underGold.getLast(), goldBefore, stage, text));
            replaced.add(
                    new Findings.Replaced(
                            probe.given(own, ownBefore, stage, text),
                            probe.swapped(ownBefore, stage, swap.other()),
                            probe.swapped(ownBefore, stage, swap.altered())));
            goldBefore.put(stage, text);
            String wrote = own.texts().get(stage);
            if (wrote != null) {
                ownBefore.put(stage, wrote);
            }
        }
        return new Findings(gold, underGold, replaced);
    }

    private @Nullable ItemResult swapped(
            Map<String, String> before, String stage, @Nullable String text) {
        return text == null ? null : given(own, before, stage, text);
    }

    /**
     * The answer with one more text given.
     *
     * @param run the answer with only the texts before the stage given
     */
    private ItemResult given(
            ItemResult run, Map<String, String> before, String stage, String text) {
        if (text.equals(run.texts().get(stage))) {
            return run; // the stage wrote exactly that
        }
        Map<String, String> given = new HashMap<>(before);
        given.put(stage, text);
        return known.computeIfAbsent(
                given,
                texts -> Evaluator.ask(own.item(), () -> system.answer(own.item().input(), texts)));
    }
}
