package dev.cairn.eval.compare;

import dev.cairn.CairnException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A system under comparison.
 *
 * @param name short and unique within a comparison
 * @param runs one run, or several that differ in their training seed
 */
public record ComparedSystem(String name, List<Run> runs) {

    /**
     * The scores of a system in one run.
     *
     * @param source the source it was read from, for messages
     * @param scores by task and metric, such as {@code arc_easy acc}, then by item; between 0 and 1
     */
    public record Run(
            String source, Costs costs, SortedMap<String, SortedMap<String, Double>> scores) {
        private SortedMap<String, Double> of(String measure) {
            return Objects.requireNonNull(scores.get(measure));
        }
    }

    /**
     * @throws CairnException if there is no run, or the runs are not over the same items
     */
    public ComparedSystem {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new CairnException("'%s': expected at least one run, found none".formatted(name));
        }
        for (Run run : runs) {
            requireSame(runs.getFirst(), run);
        }
    }

    static void requireSame(Run one, Run other) {
        if (!one.scores().keySet().equals(other.scores().keySet())) {
            throw different(one, other, one.scores().keySet(), other.scores().keySet());
        }
        for (String measure : one.scores().keySet()) {
            Set<String> items = one.of(measure).keySet();
            Set<String> others = other.of(measure).keySet();
            if (!items.equals(others)) {
                throw different(one, other, items, others);
            }
        }
    }

    /** An error that names an item or measure that only one of the two has. */
    private static CairnException different(
            Run one, Run other, Set<String> ours, Set<String> theirs) {
        boolean isOurs = !theirs.containsAll(ours);
        SortedSet<String> odd = new TreeSet<>(isOurs ? ours : theirs);
        odd.removeAll(isOurs ? theirs : ours);
        return new CairnException(
                "%s and %s were not scored on the same items: '%s' is in %s only; evaluate both on the same tasks and data, with the same number of examples and the same limit"
                        .formatted(
                                one.source(),
                                other.source(),
                                odd.first(),
                                isOurs ? one.source() : other.source()));
    }

    /** Tasks and metrics, in alphabetical order. */
    public SortedSet<String> measures() {
        return new TreeSet<>(runs.getFirst().scores().keySet());
    }

    /** The score of every item, averaged over the runs. */
    double[] scores(String measure) {
        SortedMap<String, Double> sums = new TreeMap<>();
        for (Run run : runs) {
            run.of(measure).forEach((item, score) -> sums.merge(item, score, Double::sum));
        }
        return sums.values().stream().mapToDouble(sum -> sum / runs.size()).toArray();
    }

    /** The mean over the items for each run. */
    double[] means(String measure) {
        return runs.stream()
                .mapToDouble(run ->
                        run.of(measure).values().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(0))
                .toArray();
    }

    /** The system's costs, averaged over the runs. */
    public Costs costs() {
        return Costs.mean(runs.stream().map(Run::costs).toList());
    }
}
