package dev.cairn.eval.report;

import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import java.util.ArrayList;
import java.util.List;

/** Notes on a system's numbers: failed and truncated questions. */
final class Notes {
    private Notes() {}

    static List<String> of(SystemRun run, int set) {
        SetResult result = run.sets().get(set);
        List<String> notes = new ArrayList<>();
        List<ItemResult> failures = result.failures();
        if (!failures.isEmpty()) {
            ItemResult first = failures.getFirst();
            notes.add(
                    "%s, %s: %d of %d questions failed and count as wrong; the first is %s: %s"
                            .formatted(
                                    run.system().name(),
                                    result.set(),
                                    failures.size(),
                                    result.items().size(),
                                    first.item().id(),
                                    first.error()));
        }
        if (result.truncated() > 0) {
            notes.add(
                    "%s, %s: %d of %d questions did not fit the context window and lost their beginning"
                            .formatted(
                                    run.system().name(),
                                    result.set(),
                                    result.truncated(),
                                    result.items().size()));
        }
        return notes;
    }
}
