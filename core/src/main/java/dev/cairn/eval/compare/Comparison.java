package dev.cairn.eval.compare;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Systems side by side; the first is compared with each of the others.
 *
 * @param marks what each system scored in each measure
 * @param duels the first against the others, measure by measure
 */
public record Comparison(List<Contestant> contestants, List<Mark> marks, List<Duel> duels) {
    /**
     * What a system scored.
     *
     * @param score over all items and runs, with its interval
     * @param runs of each run by itself
     */
    public record Mark(
            String measure, String system, int items, Estimate score, List<Double> runs) {}

    public Comparison {
        contestants = List.copyOf(contestants);
        marks = List.copyOf(marks);
        duels = List.copyOf(duels);
    }

    /**
     * Compares.
     *
     * @throws CairnException when there are fewer than two systems, two have one name, or they were
     *     not scored on the same items
     */
    public static Comparison of(List<Contestant> contestants) {
        if (contestants.size() < 2) {
            throw new CairnException("a comparison needs at least two systems");
        }
        requireDistinct(contestants);
        Contestant first = contestants.getFirst();
        contestants.forEach(
                other -> Contestant.requireSame(first.runs().getFirst(), other.runs().getFirst()));
        List<Mark> marks = new ArrayList<>();
        List<Duel> duels = new ArrayList<>();
        for (String measure : first.measures()) {
            contestants.forEach(contestant -> marks.add(mark(measure, contestant)));
            contestants.stream()
                    .skip(1)
                    .forEach(other -> duels.add(Duel.of(measure, first, other)));
        }
        return new Comparison(contestants, marks, duels);
    }

    /** What the systems scored in one measure, in their order. */
    public List<Mark> marksOf(String measure) {
        return marks.stream().filter(mark -> mark.measure().equals(measure)).toList();
    }

    /** The first against the others in one measure. */
    public List<Duel> duelsOf(String measure) {
        return duels.stream().filter(duel -> duel.measure().equals(measure)).toList();
    }

    private static void requireDistinct(List<Contestant> contestants) {
        Set<String> names = new HashSet<>();
        for (Contestant contestant : contestants) {
            if (!names.add(contestant.name())) {
                throw new CairnException(
                        "two systems are both called '%s'; give each a name: NAME=DIR"
                                .formatted(contestant.name()));
            }
        }
    }

    private static Mark mark(String measure, Contestant contestant) {
        double[] scores = contestant.scores(measure);
        return new Mark(
                measure,
                contestant.name(),
                scores.length,
                Estimate.ofScores(scores),
                Arrays.stream(contestant.means(measure)).boxed().toList());
    }
}
