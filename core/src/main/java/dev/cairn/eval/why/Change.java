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
 * What becomes of the answers when a stage's text is replaced by a false one.
 *
 * @param changed how many answers are no longer the same; one that is lost has changed
 * @param before how many of these questions were right with the stage's own text
 * @param after how many are with the false one
 * @param leftOut questions that have no false text: they failed, or no other text differs
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
