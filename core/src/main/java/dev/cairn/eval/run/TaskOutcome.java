package dev.cairn.eval.run;

import dev.cairn.eval.Item;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a task's run.
 *
 * @param samples samples in the order of the items
 * @param failures items without a sample
 */
public record TaskOutcome(TaskRun taskRun, List<Sample> samples, List<ItemFailure> failures) {
    public TaskOutcome {
        samples = List.copyOf(samples);
        failures = List.copyOf(failures);
    }

    /**
     * This outcome as the result of a question set, after a run of {@link TaskRun#of(ItemSet,
     * int)}.
     */
    public SetResult asSetResult(ItemSet set) {
        Map<String, Sample> byId = new HashMap<>();
        samples.forEach(sample -> byId.put(sample.id(), sample));
        Map<String, String> errors = new HashMap<>();
        failures.forEach(failure -> errors.put(failure.id(), failure.error()));
        List<ItemResult> results = new ArrayList<>();
        for (Item item : set.items()) {
            Sample sample = byId.get(item.id());
            results.add(sample == null ? failed(item, errors) : result(item, sample));
        }
        return new SetResult(set.name(), results);
    }

    /** A run that ended early did not reach all items. */
    private static ItemResult failed(Item item, Map<String, String> errors) {
        String error = errors.getOrDefault(item.id(), "not asked, because the run ended early");
        return new ItemResult(item, "", false, error, List.of(), 0);
    }

    private static ItemResult result(Item item, Sample sample) {
        return new ItemResult(
                item,
                sample.output() instanceof ModelOutput.Text(String text) ? text : "",
                sample.metrics().getOrDefault(TaskRun.EXACT_MATCH, 0.0) == 1,
                null,
                sample.effort().stages(),
                sample.effort().millis());
    }
}
