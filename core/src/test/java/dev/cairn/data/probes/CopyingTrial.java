package dev.cairn.data.probes;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.LearningRateSchedule.Decay;
import dev.cairn.config.OptimizerName;
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
import java.util.stream.Stream;

/**
 * Trains a tiny model and shows it sequences that return.
 *
 * @param folder an empty folder
 * @param learningRate falls linearly to zero
 * @param previousTokenHeads heads of the first layer that begin by looking back
 */
record CopyingTrial(
        Path folder,
        int layers,
        int width,
        int vocabulary,
        double learningRate,
        OptimizerName optimizer,
        int previousTokenHeads) {
    /** With AdamW, and no heads that look back from the start. */
    static CopyingTrial plain(
            Path folder, int layers, int width, int vocabulary, double learningRate) {
        return new CopyingTrial(
                folder, layers, width, vocabulary, learningRate, OptimizerName.ADAMW, 0);
    }

    /** The share of a copy's tokens that are right after the training. */
    double shareAfter(TrainingPlan plan, Repeat repeat) throws IOException {
        CausalLm model = model();
        Trainer.train(
                new TrainingRun(
                        model,
                        null,
                        plan,
                        List.of(),
                        Measure.NONE,
                        settings(plan.steps()),
                        folder.resolve("run"),
                        ""),
                false,
                log -> {});
        // A seed that no step has.
        SplittableRandom random = new SplittableRandom(plan.steps());
        List<TokenExample> unseen =
                Stream.generate(() -> repeat.example(16, random)).limit(50).toList();
        List<Prediction> predictions = Prediction.of(model, unseen);
        return predictions.stream().mapToDouble(Prediction::hits).sum()
                / predictions.stream().mapToInt(Prediction::targets).sum();
    }

    private TrainSettings settings(int steps) {
        return new TrainSettings(
                new LearningRateSchedule(learningRate, Decay.LINEAR, 0.05),
                optimizer,
                new AdamWConfig(0, 1, 0.9, 0.95, 1e-8),
                new CheckpointConfig(steps, steps, 0),
                1,
                false);
    }

    private CausalLm model() throws IOException {
        Path config =
                Files.writeString(
                        Files.createDirectories(folder).resolve("config.json"),
                        """
                        {"model_type": "gpt_neox", "vocab_size": %d, "hidden_size": %d,
                         "num_hidden_layers": %d, "num_attention_heads": 2,
                         "intermediate_size": %d, "max_position_embeddings": 128,
                         "rotary_pct": 1, "layer_norm_eps": 1e-5}
                        """
                                .formatted(vocabulary, width, layers, 2 * width));
        CausalLm model = Models.fresh(config, 1, Kernels.vector());
        model.lookBack(previousTokenHeads);
        return model;
    }
}
