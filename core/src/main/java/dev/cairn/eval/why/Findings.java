package dev.cairn.eval.why;

import dev.cairn.eval.ExactMatch;
import dev.cairn.eval.ItemResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one question that is asked again with the texts of some stages given.
 *
 * @param gold the text every stage should have written, by stage
 * @param underGold answers with the gold texts of the first 0, 1, 2 ... stages; one per stage
 * @param replaced answers with the text of one stage replaced, for every stage but the last
 */
record Findings(Map<String, String> gold, List<ItemResult> underGold, List<Replaced> replaced) {
    Findings {
        gold = Map.copyOf(gold);
        underGold = List.copyOf(underGold);
        replaced = List.copyOf(replaced);
    }

    /**
     * Answers with the text of one stage replaced; the texts before it are the system's own.
     *
     * @param byGold answer with the gold text
     * @param byOther answer with another question's text; null if none differs
     * @param altered answer with its own text with one word changed; null if no word can be changed
     */
    record Replaced(
            ItemResult byGold, @Nullable ItemResult byOther, @Nullable ItemResult altered) {}

    /** The plain answer. */
    ItemResult own() {
        return underGold.getFirst();
    }

    /** Index of the stage that causes a wrong answer; see {@link Why}. */
    int fault() {
        for (int stage = 0; stage < replaced.size(); stage++) {
            if (underGold.get(stage + 1).correct()) {
                return stage;
            }
        }
        return replaced.size();
    }

    /** The text of one stage in one of the runs, as an answer of its own. */
    ItemResult text(String stage, ItemResult run) {
        String text = run.texts().getOrDefault(stage, "");
        boolean correct =
                !run.failed() && ExactMatch.matches(Objects.requireNonNull(gold.get(stage)), text);
        return new ItemResult(run.item(), text, correct, run.error(), List.of(), 0);
    }
}
