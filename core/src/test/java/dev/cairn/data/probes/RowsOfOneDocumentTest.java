package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.CorpusPlan;
import dev.cairn.data.TokenExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    private static final int STEPS = 1000;
    private static final int LENGTH = 128;
    private static final int BATCH = 8;
    private static final Repeat REPEAT =
            new Repeat(IntStream.range(0, VOCABULARY).toArray(), new int[0]);

    @TempDir private Path folder;

    @Test
    void copyingIsLearntFromRowsOfOneDocumentAndNotFromRowsOfMany() throws IOException {
        // Seen: 0.973 and 0.000. Other processors round otherwise and may come a little later.
        assertThat(shareAfterTraining("rows of one", corpus())).isGreaterThan(0.5);
        assertThat(shareAfterTraining("rows of many", List.of(joined(corpus())))).isLessThan(0.1);
    }

    private double shareAfterTraining(String name, List<TokenExample> corpus) throws IOException {
        return CopyingTrial.plain(folder.resolve(name), 2, 64, VOCABULARY + 1, 0.004)
                .shareAfter(new CorpusPlan(corpus, LENGTH, BATCH, STEPS, 1), REPEAT);
    }

    /** Documents of 4 to 19 tokens that occur twice. */
    private static List<TokenExample> corpus() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.generate(() -> REPEAT.example(random.nextInt(4, 20), random).ids())
                .limit((long) STEPS * BATCH * LENGTH / 24)
                .map(ids -> IntStream.concat(IntStream.of(ids), IntStream.of(END)).toArray())
                .map(ids -> new TokenExample(ids, 1))
                .toList();
    }

    private static TokenExample joined(List<TokenExample> documents) {
        return new TokenExample(
                documents.stream().flatMapToInt(each -> IntStream.of(each.ids())).toArray(), 1);
    }
}
