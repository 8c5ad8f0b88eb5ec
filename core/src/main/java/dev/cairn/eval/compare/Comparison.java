package dev.cairn.eval.compare;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A comparison of systems; the first is compared with each of the others.
 *
 * @param marks the score of each system in each measure
 * @param pairedResults the first against the others, measure by measure
 */
public record Comparison(
        List<ComparedSystem> systems, List<Mark> marks, List<PairedResult> pairedResults) {
    /**
     * The score of a system.
     *
     * @param score mean over all items and runs, with its interval
     * @param runs mean of each run
     */
    public record Mark(
            String measure, String system, int items, Estimate score, List<Double> runs) {}

    public Comparison {
        systems = List.copyOf(systems);
        marks = List.copyOf(marks);
        pairedResults = List.copyOf(pairedResults);
    }

    /**
     * Compares systems.
     *
     * @throws CairnException if there are fewer than two systems, two have the same name, or they
     *     were not scored on the same items
     */
    public static Comparison of(List<ComparedSystem> systems) {
        if (systems.size() < 2) {
            throw new CairnException("a comparison needs at least two systems");
        }
        requireDistinct(systems);
        ComparedSystem first = systems.getFirst();
        systems.forEach(other ->
                ComparedSystem.requireSame(first.runs().getFirst(), other.runs().getFirst()));
        List<Mark> marks = new ArrayList<>();
        List<PairedResult> pairedResults = new ArrayList<>();
        for (String measure : first.measures()) {
            systems.forEach(system -> marks.add(mark(measure, system)));
            systems.stream()
                    .skip(1)
                    .forEach(other -> pairedResults.add(PairedResult.of(measure, first, other)));
        }
        return new Comparison(systems, marks, pairedResults);
    }

    /** The systems' scores in one measure, in their order. */
    public List<Mark> marksOf(String measure) {
        return marks.stream().filter(mark -> mark.measure().equals(measure)).toList();
    }

    /** The comparisons of the first system with the others in one measure. */
    public List<PairedResult> pairedResultsOf(String measure) {
        return pairedResults.stream().filter(result -> result.measure().equals(measure)).toList();
    }

    private static void requireDistinct(List<ComparedSystem> systems) {
        Set<String> names = new HashSet<>();
        for (ComparedSystem system : systems) {
            if (!names.add(system.name())) {
                throw new CairnException(
                        "two systems are both named '%s'; give each its own name: NAME=DIR"
                                .formatted(system.name()));
            }
        }
    }

    private static Mark mark(String measure, ComparedSystem system) {
        double[] scores = system.scores(measure);
        return new Mark(
                measure,
                system.name(),
                scores.length,
                Estimate.ofScores(scores),
                Arrays.stream(system.means(measure)).boxed().toList());
    }
}
