package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.LearningRateSchedule.Decay;
import dev.cairn.data.CorpusPlan;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.train.Measure;
import dev.cairn.train.Prediction;
import dev.cairn.train.TrainSettings;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
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
    private static final int NO_END = -1;
    private static final int STEPS = 1000;
    private static final int LENGTH = 128;
    private static final int BATCH = 8;
    private static final Repeat REPEAT =
            new Repeat(IntStream.range(0, VOCABULARY).toArray(), new int[0]);

    @TempDir private Path folder;

    @Test
    void copyingIsLearntFromRowsOfOneDocumentAndNotFromRowsOfMany() throws IOException {
        // Seen: 0.939 and 0.000. Other processors round otherwise and may come a little later.
        assertThat(shareAfterTraining(END)).isGreaterThan(0.5);
        assertThat(shareAfterTraining(NO_END)).isLessThan(0.1);
    }

    /**
     * @param end the token that ends a row, or none
     */
    private double shareAfterTraining(int end) throws IOException {
        CausalLm model = model();
        Trainer.train(
                new TrainingRun(
                        model,
                        null,
                        new CorpusPlan(corpus(), end, LENGTH, BATCH, STEPS, 1),
                        List.of(),
                        Measure.NONE,
                        settings(),
                        folder.resolve("end " + end),
                        ""),
                false,
                log -> {});
        SplittableRandom random = new SplittableRandom(2);
        List<TokenExample> unseen =
                Stream.generate(() -> REPEAT.example(16, random)).limit(50).toList();
        List<Prediction> predictions = Prediction.of(model, unseen);
        return predictions.stream().mapToDouble(Prediction::hits).sum()
                / predictions.stream().mapToInt(Prediction::targets).sum();
    }

    /** Documents of 4 to 19 tokens that occur twice. */
    private static int[] corpus() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.generate(() -> REPEAT.example(random.nextInt(4, 20), random).ids())
                .limit((long) STEPS * BATCH * LENGTH / 24)
                .flatMapToInt(ids -> IntStream.concat(IntStream.of(ids), IntStream.of(END)))
                .toArray();
    }

    private static TrainSettings settings() {
        return new TrainSettings(
                new LearningRateSchedule(0.004, Decay.LINEAR, 0.05),
                new AdamWConfig(0.05, 1, 0.9, 0.95, 1e-8),
                new CheckpointConfig(STEPS, STEPS, 0),
                1);
    }

    private CausalLm model() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("config.json"),
                        """
                        {"model_type": "gpt_neox", "vocab_size": %d, "hidden_size": 64,
                         "num_hidden_layers": 2, "num_attention_heads": 2,
                         "intermediate_size": 256, "max_position_embeddings": 128,
                         "rotary_pct": 1, "layer_norm_eps": 1e-5}
                        """
                                .formatted(VOCABULARY + 1));
        return Models.fresh(config, 1, Kernels.vector());
    }
}
