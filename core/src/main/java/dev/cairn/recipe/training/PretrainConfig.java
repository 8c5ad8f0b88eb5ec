package dev.cairn.recipe.training;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cairn.CairnException;
import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.OptimizerName;
import dev.cairn.support.Range;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.train.TrainSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of {@code cairn pretrain}, from its YAML file. Paths are relative to the file.
 *
 * @param outputDir the model directory to create
 * @param model the content of config.json, to which the vocabulary size and the special tokens are
 *     added
 * @param tokenizer the vocabulary to train
 * @param text the texts to learn from
 * @param training the training settings
 */
record PretrainConfig(
        String outputDir,
        Map<String, Object> model,
        Vocabulary tokenizer,
        Text text,
        Training training) {
    /** End-of-text is the only special token and has the first id. */
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
                        "model.%s: set automatically; leave it out".formatted(added));
            }
        }
    }

    /** The content of config.json. */
    Map<String, Object> configJson() {
        Map<String, Object> json = new LinkedHashMap<>(model);
        json.put("vocab_size", tokenizer.vocabSize());
        json.put("bos_token_id", END_ID);
        json.put("eos_token_id", END_ID);
        json.put("torch_dtype", "bfloat16");
        return json;
    }

    /**
     * @param vocabSize number of tokens, including special tokens
     */
    record Vocabulary(int vocabSize) {
        Vocabulary {
            trainer(vocabSize);
        }

        /**
         * @throws CairnException if the size is below that of the smallest possible vocabulary
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
     * @param curriculum generated exercises in copying and looking up to mix in
     * @param valShare share of the documents held out for validation
     */
    record Text(List<String> files, @Nullable Generated curriculum, double valShare) {
        Text {
            Range.within("val_share", valShare, 0, 0.5);
        }
    }

    /**
     * Generated text.
     *
     * @param count documents
     */
    record Generated(long seed, int count) {
        Generated {
            Range.atLeast("count", count, 1);
        }
    }

    /**
     * @param sequenceLen number of tokens of a sequence
     * @param batchSize sequences per step
     * @param optimizer null is AdamW
     * @param earlyStoppingPatience evaluations after which the run ends if neither the validation
     *     loss nor the mean of the probes was better than ever before; null never stops early
     * @param previousTokenHeads heads of the first layer that begin by looking back one token, two
     *     tokens and so on; null is none
     */
    record Training(
            int sequenceLen,
            int batchSize,
            int steps,
            @Nullable OptimizerName optimizer,
            @JsonUnwrapped LearningRateSchedule schedule,
            double weightDecay,
            double maxGradNorm,
            int evalSteps,
            int saveSteps,
            @Nullable Integer earlyStoppingPatience,
            @Nullable Integer previousTokenHeads,
            long seed) {
        Training {
            Range.atLeast("sequence_len", sequenceLen, 1);
            Range.atLeast("batch_size", batchSize, 1);
            Range.atLeast("steps", steps, 1);
            if (previousTokenHeads != null) {
                Range.atLeast("previous_token_heads", previousTokenHeads, 0);
            }
            optimizer(weightDecay, maxGradNorm);
            checkpoints(evalSteps, saveSteps, earlyStoppingPatience);
        }

        TrainSettings settings() {
            return new TrainSettings(
                    schedule,
                    optimizer == null ? OptimizerName.ADAMW : optimizer,
                    optimizer(weightDecay, maxGradNorm),
                    checkpoints(evalSteps, saveSteps, earlyStoppingPatience),
                    seed,
                    false);
        }

        /** The betas that models are usually pre-trained with (Brown et al. 2020, appendix B). */
        private static AdamWConfig optimizer(double weightDecay, double maxGradNorm) {
            return new AdamWConfig(weightDecay, maxGradNorm, 0.9, 0.95, 1e-8);
        }

        private static CheckpointConfig checkpoints(
                int evalSteps, int saveSteps, @Nullable Integer patience) {
            return new CheckpointConfig(evalSteps, saveSteps, patience == null ? 0 : patience);
        }
    }
}
