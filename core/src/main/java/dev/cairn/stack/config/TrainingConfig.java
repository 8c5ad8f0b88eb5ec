package dev.cairn.stack.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cairn.CairnException;
import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.LoraConfig;
import dev.cairn.support.Range;
import dev.cairn.support.TextDigest;
import dev.cairn.support.YamlFile;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the adapters of a stack are trained; names after axolotl and PEFT. In the YAML the keys of
 * all parts stand side by side.
 *
 * @param lora shape and scale of the adapter
 * @param batches how examples are packed
 * @param schedule the learning rate
 * @param optimizer settings of AdamW
 * @param checkpoints when the run measures itself, saves itself and ends early
 * @param trainOnInputs learn the prompt too, not only the completion
 * @param valSetSize questions held back to choose the best checkpoint: a share below 1, else a
 *     number
 * @param upstream whose texts of earlier stages the prompts show
 * @param gradientCheckpointing compute layers again in the backward pass instead of keeping what it
 *     needs: slower, in less memory, with the same result
 * @param seed decides the order of examples, dropout and the first weights
 */
public record TrainingConfig(
        @JsonUnwrapped LoraConfig lora,
        @JsonUnwrapped BatchConfig batches,
        @JsonUnwrapped LearningRateSchedule schedule,
        @JsonUnwrapped AdamWConfig optimizer,
        @JsonUnwrapped CheckpointConfig checkpoints,
        boolean trainOnInputs,
        double valSetSize,
        Upstream upstream,
        boolean gradientCheckpointing,
        long seed) {

    /**
     * Shares of the questions, which add up to 1.
     *
     * @param teacher whose prompts show the gold texts of earlier stages
     * @param student whose prompts show what the earlier stages, trained by then, really write
     */
    public record Upstream(double teacher, double student) {
        private static final double ROUNDING = 1e-9;

        /**
         * @throws CairnException when a share is out of range or they do not add up to 1
         */
        public Upstream {
            Range.within("teacher", teacher, 0, 1);
            Range.within("student", student, 0, 1);
            if (Math.abs(teacher + student - 1) > ROUNDING) {
                throw new CairnException(
                        "teacher: expected to add up to 1 with student, found "
                                + teacher
                                + " and "
                                + student);
            }
        }
    }

    static final ObjectNode DEFAULTS =
            YamlFile.literal(
                    """
                    lora_r: 8
                    lora_alpha: 16
                    lora_dropout: 0.05
                    lora_target_modules: all-linear
                    use_rslora: false
                    rank_pattern: {}
                    alpha_pattern: {}
                    sequence_len: 512
                    micro_batch_size: 8
                    gradient_accumulation_steps: 1
                    num_epochs: 5
                    learning_rate: 0.0003
                    lr_scheduler: cosine
                    warmup_ratio: 0.05
                    weight_decay: 0.0
                    max_grad_norm: 1.0
                    adam_beta1: 0.9
                    adam_beta2: 0.999
                    adam_epsilon: 1.0e-8
                    eval_steps: 50
                    save_steps: 20
                    early_stopping_patience: 0
                    train_on_inputs: false
                    val_set_size: 0.05
                    upstream: {teacher: 1.0, student: 0.0}
                    gradient_checkpointing: false
                    seed: 42
                    """);

    /** The default configuration. */
    public static final TrainingConfig DEFAULT =
            new YamlFile(Path.of(""), DEFAULTS).as(TrainingConfig.class);

    /**
     * @throws CairnException naming the setting that is out of range
     */
    public TrainingConfig {
        Range.within("val_set_size", valSetSize, 0, 1e9);
        if (valSetSize > 1 && valSetSize != Math.rint(valSetSize)) {
            throw new CairnException(
                    "val_set_size: expected a share below 1 or a whole number, found "
                            + valSetSize);
        }
    }

    /** The same with another adapter. */
    public TrainingConfig with(LoraConfig other) {
        return with(other, batches, schedule, seed);
    }

    /** The same with other batches. */
    public TrainingConfig with(BatchConfig other) {
        return with(lora, other, schedule, seed);
    }

    /** The same with another schedule. */
    public TrainingConfig with(LearningRateSchedule other) {
        return with(lora, batches, other, seed);
    }

    /** The same with another highest learning rate. */
    public TrainingConfig withLearningRate(double rate) {
        return with(schedule.withLearningRate(rate));
    }

    /** The same with so many passes over the examples. */
    public TrainingConfig withNumEpochs(int epochs) {
        return with(batches.withNumEpochs(epochs));
    }

    /** The same with rows of so many tokens. */
    public TrainingConfig withSequenceLen(int tokens) {
        return with(batches.withSequenceLen(tokens));
    }

    /** The same with another seed. */
    public TrainingConfig withSeed(long other) {
        return with(lora, batches, schedule, other);
    }

    private TrainingConfig with(
            LoraConfig adapter, BatchConfig packing, LearningRateSchedule rate, long anotherSeed) {
        return new TrainingConfig(
                adapter,
                packing,
                rate,
                optimizer,
                checkpoints,
                trainOnInputs,
                valSetSize,
                upstream,
                gradientCheckpointing,
                anotherSeed);
    }

    /** How many of {@code questions} are held back for validation. */
    public int validationCount(int questions) {
        double count = valSetSize < 1 ? Math.ceil(valSetSize * questions) : valSetSize;
        return (int) Math.min(count, Math.max(0, questions - 1));
    }

    /**
     * Whether a question's prompt shows what the earlier stages really write. One coin per question
     * and stage, whatever other questions there are: texts of one chain belong together.
     */
    public boolean showsStudent(String stage, String questionId) {
        return TextDigest.of(Long.toString(seed), stage, questionId).uniform() < upstream.student();
    }
}
