package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.CorpusPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why {@link CorpusPlan} gives every document a row of its own (docs/base.md). */
@Tag("slow")
class RowsOfOneDocumentTest {
    private static final int VOCABULARY = 256;
    private static final int END = VOCABULARY;
    private static final int NO_END = -1;
    private static final int STEPS = 1000;
    private static final int LENGTH = 128;
    private static final int BATCH = 8;
    private static final Repeat REPEAT =
            new Repeat(IntStream.range(0, VOCABULARY).toArray(), new int[0]);

    @TempDir private Path folder;

    @Test
    void copyingIsLearntFromRowsOfOneDocumentAndNotFromRowsOfMany() throws IOException {
        // Seen: 0.973 and 0.000. Other processors round otherwise and may come a little later.
        assertThat(shareAfterTraining(END)).isGreaterThan(0.5);
        assertThat(shareAfterTraining(NO_END)).isLessThan(0.1);
    }

    /**
     * @param end the token that ends a row, or none
     */
    private double shareAfterTraining(int end) throws IOException {
        return CopyingTrial.plain(folder.resolve("end " + end), 2, 64, VOCABULARY + 1, 0.004)
                .shareAfter(new CorpusPlan(corpus(), end, LENGTH, BATCH, STEPS, 1), REPEAT);
    }

    /** Documents of 4 to 19 tokens that occur twice. */
    private static int[] corpus() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.generate(() -> REPEAT.example(random.nextInt(4, 20), random).ids())
                .limit((long) STEPS * BATCH * LENGTH / 24)
                .flatMapToInt(ids -> IntStream.concat(IntStream.of(ids), IntStream.of(END)))
                .toArray();
    }
}
