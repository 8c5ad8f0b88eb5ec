package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.ExactMatch;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SetResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The effect on the answers of replacing a stage's text by a false one.
 *
 * @param changed share of answers that differ; a lost answer counts as changed
 * @param before share of these questions answered correctly with the stage's own text
 * @param after the same with the false text
 * @param leftOut number of questions without a false text, because they failed or no other text
 *     differs
 */
public record Change(Accuracy changed, Accuracy before, Accuracy after, int leftOut) {
    static Change of(List<Findings> all, Function<Findings, @Nullable ItemResult> replaced) {
        List<ItemResult> before = new ArrayList<>();
        List<ItemResult> after = new ArrayList<>();
        int changed = 0;
        for (Findings findings : all) {
            ItemResult result = replaced.apply(findings);
            if (result != null) {
                before.add(findings.own());
                after.add(result);
                changed += isSame(findings.own(), result) ? 0 : 1;
            }
        }
        return new Change(
                Accuracy.of(changed, after.size()),
                new SetResult("", before).accuracy(),
                new SetResult("", after).accuracy(),
                all.size() - after.size());
    }

    private static boolean isSame(ItemResult own, ItemResult result) {
        return !result.failed() && ExactMatch.matches(own.answer(), result.answer());
    }
}
