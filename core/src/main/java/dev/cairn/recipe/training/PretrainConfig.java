package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.train.TrainSettings;
import java.util.LinkedHashMap;
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
    /** The end of a text is the one special token, and has the first id. */
    static final int END_ID = 0;

    PretrainConfig {
        Object window = model.get("max_position_embeddings");
        if (window instanceof Integer max && training.sequenceLen() > max) {
            throw new CairnException(
                    "training.sequence_len: expected at most max_position_embeddings, %d, found %d"
                            .formatted(max, training.sequenceLen()));
        }
        for (String added : List.of("vocab_size", "bos_token_id", "eos_token_id", "torch_dtype")) {
            if (model.containsKey(added)) {
                throw new CairnException(
                        "model.%s: follows from the rest; leave it out".formatted(added));
            }
        }
    }

    /** What config.json holds. */
    Map<String, Object> configJson() {
        Map<String, Object> json = new LinkedHashMap<>(model);
        json.put("vocab_size", tokenizer.vocabSize());
        json.put("bos_token_id", END_ID);
        json.put("eos_token_id", END_ID);
        json.put("torch_dtype", "bfloat16");
        return json;
    }

    /**
     * @param vocabSize tokens, special ones included
     */
    record Vocabulary(int vocabSize) {
        Vocabulary {
            trainer(vocabSize);
        }

        /**
         * @throws CairnException when the size is below that of the smallest vocabulary
         */
        BpeTrainer trainer() {
            return trainer(vocabSize);
        }

        private static BpeTrainer trainer(int size) {
            return BpeTrainer.of(size, List.of(BpeTrainer.END_OF_TEXT));
        }
    }

    /**
     * @param files text files, or folders of .txt and .md files
     * @param stories generated stories to mix in
     * @param valShare share of the documents held back for validation
     */
    record Text(List<String> files, @Nullable Stories stories, double valShare) {
        Text {
            within("val_share", valShare, 0, 0.5);
        }
    }

    record Stories(long seed, int count) {
        Stories {
            atLeastOne("count", count);
        }
    }

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
        Training {
            atLeastOne("sequence_len", sequenceLen);
            atLeastOne("batch_size", batchSize);
            atLeastOne("steps", steps);
            atLeastOne("eval_steps", evalSteps);
            atLeastOne("save_steps", saveSteps);
            within("learning_rate", learningRate, Double.MIN_VALUE, 10);
            within("warmup_ratio", warmupRatio, 0, 1);
            within("weight_decay", weightDecay, 0, 10);
            within("max_grad_norm", maxGradNorm, 0, 1e9);
        }

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

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new CairnException(key + ": expected at least 1, found " + value);
        }
    }

    /** Not a number is refused too. */
    private static void within(String key, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new CairnException(
                    "%s: expected %s and at most %s, found %s"
                            .formatted(
                                    key,
                                    min == Double.MIN_VALUE ? "above 0" : "at least " + min,
                                    max,
                                    value));
        }
    }
}
