package dev.cairn.eval.compare;

import dev.cairn.eval.Accuracy;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean over items and its 95 % interval.
 *
 * @param low lower end of the interval
 * @param high upper end
 */
public record Estimate(double mean, double low, double high) {
    private static final int RESAMPLES = 10_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 20_260_101;

    /**
     * The estimate of mean scores: Wilson's interval if every score is 0 or 1, otherwise the
     * bootstrap's.
     */
    static Estimate ofScores(double[] scores) {
        if (!isPlain(scores)) {
            return ofValues(scores);
        }
        int right = (int) Arrays.stream(scores).sum();
        Accuracy accuracy = Accuracy.of(right, scores.length);
        return new Estimate(accuracy.rate(), accuracy.low(), accuracy.high());
    }

    /**
     * The percentile interval of the bootstrap (Efron 1979): 10,000 samples as large as the set are
     * drawn with replacement. Items are resampled as a whole: an item's scores under several seeds
     * stay together.
     */
    static Estimate ofValues(double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        Arrays.sort(means);
        int tail = (int) (RESAMPLES * TAIL);
        double mean = Arrays.stream(values).average().orElse(0);
        return new Estimate(mean, means[tail], means[RESAMPLES - 1 - tail]);
    }

    /** The verdict on the first of two systems from the interval of their difference. */
    public String verdict() {
        if (low > 0) {
            return "better";
        }
        return high < 0 ? "worse" : "no clear difference";
    }

    static boolean isPlain(double[] scores) {
        return Arrays.stream(scores).allMatch(score -> score == 0 || score == 1);
    }
}
