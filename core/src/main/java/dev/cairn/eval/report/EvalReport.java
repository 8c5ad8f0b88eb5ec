package dev.cairn.eval.report;

import dev.cairn.CairnException;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import dev.cairn.eval.why.Why;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The report on several systems that were asked the same question sets.
 *
 * @param systems in the order of the report
 * @param focus name of the system that all others are compared with
 * @param comparisons comparisons of the focus with every other system, set by set
 * @param whys error attributions to stages, for the systems and sets for which they were requested
 */
public record EvalReport(
        List<SystemRun> systems, String focus, List<PairedComparison> comparisons, List<Why> whys) {
    static final long BOOTSTRAP_SEED = 20_260_101;

    public EvalReport {
        systems = List.copyOf(systems);
        comparisons = List.copyOf(comparisons);
        whys = List.copyOf(whys);
    }

    /**
     * Makes a report and computes the paired comparisons.
     *
     * @param focus name of one of the systems
     * @throws CairnException if a name is missing or used twice, or the systems were not asked the
     *     same questions
     */
    public static EvalReport of(List<SystemRun> systems, String focus) {
        requireUnique("systems", systems.stream().map(run -> run.system().name()).toList());
        SystemRun first =
                systems.stream()
                        .filter(run -> run.system().name().equals(focus))
                        .findFirst()
                        .orElseThrow(() -> unknown(focus, systems));
        requireUnique("question sets", setNames(first));
        List<PairedComparison> comparisons = new ArrayList<>();
        for (int set = 0; set < first.sets().size(); set++) {
            for (SystemRun other : systems) {
                requireSameSets(first, other);
                if (!other.system().name().equals(focus)) {
                    comparisons.add(compare(first, other, set));
                }
            }
        }
        return new EvalReport(systems, focus, comparisons, List.of());
    }

    /** A copy with these error attributions added. */
    public EvalReport withWhys(List<Why> more) {
        return new EvalReport(systems, focus, comparisons, more);
    }

    /** Names of the question sets, in order. */
    public List<String> sets() {
        return setNames(systems.getFirst());
    }

    /** Number of questions of a set, by kind. */
    SortedMap<String, Integer> kinds(int set) {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        systems.getFirst()
                .sets()
                .get(set)
                .byKind()
                .forEach((kind, accuracy) -> kinds.put(kind, accuracy.total()));
        return kinds;
    }

    /** The comparisons of the system in focus with the others on one set. */
    List<PairedRow> pairedRows(String set) {
        return comparisons.stream()
                .filter(comparison -> comparison.set().equals(set))
                .map(PairedRow::of)
                .toList();
    }

    /** The results of the system in focus. */
    SystemRun focusRun() {
        return systems.stream()
                .filter(run -> run.system().name().equals(focus))
                .findFirst()
                .orElseThrow();
    }

    /** A table for the terminal: plain ASCII apart from the names given, columns aligned. */
    public String toText() {
        return EvalText.of(this);
    }

    /** Everything but the stages' texts as one JSON object; shares are between 0 and 1. */
    public String toJson() {
        return EvalJson.of(this);
    }

    private static void requireUnique(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new CairnException(
                        "two %s are both named '%s'; give each its own name".formatted(what, name));
            }
        }
    }

    private static PairedComparison compare(SystemRun first, SystemRun other, int set) {
        return PairedComparison.of(
                first.system().name(),
                first.sets().get(set),
                other.system().name(),
                other.sets().get(set),
                BOOTSTRAP_SEED);
    }

    private static void requireSameSets(SystemRun first, SystemRun other) {
        if (!setNames(first).equals(setNames(other))) {
            throw new CairnException(
                    "'%s' was asked the sets %s, but '%s' the sets %s; evaluate both on the same data"
                            .formatted(
                                    first.system().name(),
                                    setNames(first),
                                    other.system().name(),
                                    setNames(other)));
        }
    }

    private static List<String> setNames(SystemRun run) {
        return run.sets().stream().map(SetResult::set).toList();
    }

    private static CairnException unknown(String focus, List<SystemRun> systems) {
        return new CairnException(
                "system to compare with the others: expected one of %s, found '%s'"
                        .formatted(
                                systems.stream().map(run -> run.system().name()).toList(), focus));
    }
}
