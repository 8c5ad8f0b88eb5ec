package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.OptimizerName;
import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the repeat probe shows: two layers learn to find the token that came after the last
 * occurrence of the present one, which one layer cannot (Olsson et al. 2022).
 */
@Tag("long")
class InductionHeadsTest {
    private static final int VOCABULARY = 48;
    private static final int STEPS = 400;
    private static final int BATCH = 32;
    private static final Repeat REPEAT =
            new Repeat(IntStream.range(0, VOCABULARY).toArray(), new int[0]);

    @TempDir private Path folder;

    /**
     * From three different weights to begin with, two layers came to 0.995 and more, after 300
     * steps already to 0.85; one layer never passed 0.21. Kernels that round in another way make
     * less of a difference than other weights.
     */
    @Test
    void twoLayersCopyWhatOneLayerCannot() throws IOException {
        assertThat(shareAfterTraining(1)).isLessThan(0.4);
        assertThat(shareAfterTraining(2)).isGreaterThan(0.8);
    }

    /**
     * What pre-training begins with decides how soon copying comes. Seen: 0.08 and 0.999; with only
     * one of the two, 0.38 (Muon) and 0.45 (a head that looks back). AdamW came to 0.85 after 300
     * steps.
     */
    @Test
    void muonAndAHeadThatLooksBackCopySooner() throws IOException {
        assertThat(shareAfter240Steps(OptimizerName.ADAMW, 0)).isLessThan(0.3);
        assertThat(shareAfter240Steps(OptimizerName.MUON, 1)).isGreaterThan(0.8);
    }

    private double shareAfter240Steps(OptimizerName optimizer, int previousTokenHeads)
            throws IOException {
        return new CopyingTrial(
                        folder.resolve(optimizer.name()),
                        2,
                        32,
                        VOCABULARY,
                        0.01,
                        optimizer,
                        previousTokenHeads)
                .shareAfter(new Repetitions(240), REPEAT);
    }

    private double shareAfterTraining(int layers) throws IOException {
        return CopyingTrial.plain(folder.resolve(layers + " layers"), layers, 32, VOCABULARY, 0.01)
                .shareAfter(new Repetitions(STEPS), REPEAT);
    }

    /** Sequences of 4 to 19 tokens, so that nothing is to be had from a fixed distance. */
    private record Repetitions(int steps) implements TrainingPlan {
        @Override
        public List<List<TokenExample>> step(int step) {
            SplittableRandom random = new SplittableRandom(step);
            return List.of(
                    Stream.generate(() -> REPEAT.example(random.nextInt(4, 20), random))
                            .limit(BATCH)
                            .toList());
        }
    }
}
