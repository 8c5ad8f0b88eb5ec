package dev.cairn.eval.why;

import dev.cairn.eval.Item;
import dev.cairn.eval.ItemResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wrong answer and the stage it comes from.
 *
 * @param stage name of that stage
 * @param own the system's plain answer, or why it failed
 * @param wrote what the stage wrote, after the gold texts of the stages before it
 * @param gold the gold text of that stage
 * @param before the answer with its own text, after the gold texts of the stages before it
 * @param after the answer with its gold text; null for the last stage, whose text is the answer
 */
public record Fault(
        Item item,
        String stage,
        String own,
        String wrote,
        String gold,
        String before,
        @Nullable String after) {
    static Fault of(Findings findings, List<String> stages) {
        int fault = findings.fault();
        String stage = stages.get(fault);
        ItemResult before = findings.underGold().get(fault);
        boolean last = fault == stages.size() - 1;
        return new Fault(
                findings.own().item(),
                stage,
                shown(findings.own()),
                before.failed() ? shown(before) : before.texts().getOrDefault(stage, ""),
                findings.gold().getOrDefault(stage, ""),
                shown(before),
                last ? null : shown(findings.underGold().get(fault + 1)));
    }

    private static String shown(ItemResult result) {
        return result.failed() ? "failed: " + result.error() : result.answer();
    }
}
