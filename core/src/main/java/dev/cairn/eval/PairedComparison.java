package dev.cairn.eval;

import dev.cairn.CairnException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * A paired comparison of two systems on the same questions. Pairing cancels out how hard each
 * question is, and so shows differences that two separate intervals would hide.
 *
 * @param set name of the question set
 * @param first the system whose advantage is measured
 * @param second the system it is compared with
 * @param items questions both were asked
 * @param onlyFirst questions only the first answered correctly
 * @param onlySecond questions only the second answered correctly
 * @param difference accuracy of the first minus accuracy of the second, between -1 and 1
 * @param low lower end of the difference's 95 % interval
 * @param high upper end of the difference's 95 % interval
 * @param pValue two-sided exact McNemar test of "both are equally often right"
 */
public record PairedComparison(
        String set,
        String first,
        String second,
        int items,
        int onlyFirst,
        int onlySecond,
        double difference,
        double low,
        double high,
        double pValue) {
    private static final int RESAMPLES = 10_000;
    private static final double TAIL = 0.025;

    /**
     * Compares two systems. The interval is the percentile interval of a paired bootstrap: 10,000
     * samples as large as the set are drawn with replacement, each question with both systems'
     * answers.
     *
     * @param seed seed of the bootstrap; the same seed gives the same interval
     * @throws CairnException if the results are not for the same questions in the same order
     */
    public static PairedComparison of(
            String first, SetResult left, String second, SetResult right, long seed) {
        requireSameItems(first, left, second, right);
        int n = left.items().size();
        int onlyFirst = countOnly(left, right);
        int onlySecond = countOnly(right, left);
        int[] sums = resample(n, onlyFirst, onlySecond, new SplittableRandom(seed));
        int tail = (int) (RESAMPLES * TAIL);
        return new PairedComparison(
                left.set(),
                first,
                second,
                n,
                onlyFirst,
                onlySecond,
                (double) (onlyFirst - onlySecond) / n,
                (double) sums[tail] / n,
                (double) sums[RESAMPLES - 1 - tail] / n,
                mcNemar(onlyFirst, onlySecond));
    }

    private static void requireSameItems(
            String first, SetResult left, String second, SetResult right) {
        if (!ids(left).equals(ids(right)) || left.items().isEmpty()) {
            throw new CairnException(
                    "'%s' on '%s' and '%s' on '%s': expected the same questions in the same order, at least one; evaluate both on the same data"
                            .formatted(first, left.set(), second, right.set()));
        }
    }

    private static List<String> ids(SetResult result) {
        return result.items().stream().map(r -> r.item().id()).toList();
    }

    /** Number of questions that {@code one} answered correctly and {@code other} did not. */
    private static int countOnly(SetResult one, SetResult other) {
        return (int)
                IntStream.range(0, one.items().size())
                        .filter(i ->
                                one.items().get(i).correct() && !other.items().get(i).correct())
                        .count();
    }

    /**
     * The difference in correct answers for every resample, ascending. Only whether a drawn
     * question favours the first, the second or neither matters.
     */
    private static int[] resample(int n, int onlyFirst, int onlySecond, SplittableRandom random) {
        int[] sums = new int[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            for (int i = 0; i < n; i++) {
                int drawn = random.nextInt(n);
                if (drawn < onlyFirst) {
                    sums[r]++;
                } else if (drawn < onlyFirst + onlySecond) {
                    sums[r]--;
                }
            }
        }
        Arrays.sort(sums);
        return sums;
    }

    /**
     * The exact McNemar test: under the null hypothesis each question that only one system got
     * right is a fair coin, so p = min(1, 2 P(X &le; min(b, c))) with X binomial (b + c, 1/2).
     */
    public static double mcNemar(int onlyFirst, int onlySecond) {
        BinomialDistribution heads = BinomialDistribution.of(onlyFirst + onlySecond, 0.5);
        return Math.min(1, 2 * heads.cumulativeProbability(Math.min(onlyFirst, onlySecond)));
    }
}
