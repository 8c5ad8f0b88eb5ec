package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.LearningRateSchedule.Decay;
import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
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

    private double shareAfterTraining(int layers) throws IOException {
        CausalLm model = model(layers);
        Trainer.train(
                new TrainingRun(
                        model,
                        null,
                        new Repetitions(),
                        List.of(),
                        Measure.NONE,
                        settings(),
                        folder.resolve(layers + " layers"),
                        ""),
                false,
                log -> {});
        // A seed that no step has.
        SplittableRandom random = new SplittableRandom(STEPS);
        List<TokenExample> unseen =
                Stream.generate(() -> REPEAT.example(16, random)).limit(50).toList();
        List<Prediction> predictions = Prediction.of(model, unseen);
        return predictions.stream().mapToDouble(Prediction::hits).sum()
                / predictions.stream().mapToInt(Prediction::targets).sum();
    }

    /** Sequences of 4 to 19 tokens, so that nothing is to be had from a fixed distance. */
    private record Repetitions() implements TrainingPlan {
        @Override
        public int steps() {
            return STEPS;
        }

        @Override
        public List<List<TokenExample>> step(int step) {
            SplittableRandom random = new SplittableRandom(step);
            return List.of(
                    Stream.generate(() -> REPEAT.example(random.nextInt(4, 20), random))
                            .limit(BATCH)
                            .toList());
        }
    }

    private static TrainSettings settings() {
        return new TrainSettings(
                new LearningRateSchedule(0.01, Decay.LINEAR, 0.05),
                new AdamWConfig(0, 1, 0.9, 0.95, 1e-8),
                new CheckpointConfig(STEPS, STEPS, 0),
                1);
    }

    private CausalLm model(int layers) throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("config.json"),
                        """
                        {"model_type": "gpt_neox", "vocab_size": %d, "hidden_size": 32,
                         "num_hidden_layers": %d, "num_attention_heads": 2,
                         "intermediate_size": 64, "max_position_embeddings": 64,
                         "rotary_pct": 1, "layer_norm_eps": 1e-5}
                        """
                                .formatted(VOCABULARY, layers));
        return Models.fresh(config, 1, Kernels.vector());
    }
}
