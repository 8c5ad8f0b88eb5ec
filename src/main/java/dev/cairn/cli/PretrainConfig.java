package dev.cairn.cli;

import dev.cairn.train.TrainSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The YAML file of {@code cairn pretrain}. Paths are relative to the file.
 *
 * @param outputDir the model directory to make
 * @param model what becomes config.json; the vocabulary's size and the special tokens are added
 * @param tokenizer the vocabulary to train
 * @param text what to learn from
 * @param training how
 */
record PretrainConfig(
        String outputDir,
        Map<String, Object> model,
        Vocabulary tokenizer,
        Text text,
        Training training) {
    /**
     * @param vocabSize tokens, special ones included
     */
    record Vocabulary(int vocabSize) {}

    /**
     * @param files text files, or folders of .txt and .md files
     * @param stories generated stories to mix in
     * @param valShare share of the documents held back for validation
     */
    record Text(List<String> files, @Nullable Stories stories, double valShare) {}

    record Stories(long seed, int count) {}

    /**
     * @param sequenceLen tokens of a piece of text
     * @param batchSize pieces per step
     */
    record Training(
            int sequenceLen,
            int batchSize,
            int steps,
            double learningRate,
            TrainSettings.Decay lrScheduler,
            double warmupRatio,
            double weightDecay,
            double maxGradNorm,
            int evalSteps,
            int saveSteps,
            long seed) {
        TrainSettings settings() {
            return new TrainSettings(
                    learningRate,
                    lrScheduler,
                    warmupRatio,
                    weightDecay,
                    0.9,
                    0.95,
                    1e-8,
                    maxGradNorm,
                    evalSteps,
                    saveSteps,
                    null,
                    seed);
        }
    }
}
