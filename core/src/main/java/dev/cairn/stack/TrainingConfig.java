package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.YamlFile;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.TargetModules;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the adapters of a stack are trained; names after axolotl and PEFT.
 *
 * @param loraTargetModules names of linear layers, a regular expression, or {@code all-linear}
 * @param rankPattern ranks that differ from {@code loraR}, by PEFT's patterns of layer names
 * @param alphaPattern alphas that differ from {@code loraAlpha}, likewise
 * @param sequenceLen tokens of a packed row, and the most an example may have
 * @param microBatchSize packed rows per forward pass
 * @param gradientAccumulationSteps forward passes per update
 * @param earlyStoppingPatience evaluations without improvement before stopping; 0 never stops early
 * @param trainOnInputs learn the prompt too, not only the completion
 * @param valSetSize questions held back to choose the best checkpoint: a share below 1, else a
 *     number
 * @param upstream whose texts of earlier stages the prompts show
 */
public record TrainingConfig(
        int loraR,
        double loraAlpha,
        double loraDropout,
        JsonNode loraTargetModules,
        boolean useRslora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        int sequenceLen,
        int microBatchSize,
        int gradientAccumulationSteps,
        int numEpochs,
        double learningRate,
        Scheduler lrScheduler,
        double warmupRatio,
        double weightDecay,
        double maxGradNorm,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        int evalSteps,
        int saveSteps,
        int earlyStoppingPatience,
        boolean trainOnInputs,
        double valSetSize,
        Upstream upstream,
        long seed) {

    /** How the learning rate falls after the warm-up. */
    public enum Scheduler {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /**
     * Shares of the questions, which add up to 1.
     *
     * @param teacher whose prompts show the gold texts of earlier stages
     * @param student whose prompts show what the earlier stages, trained by then, really write
     */
    public record Upstream(double teacher, double student) {
        private static final double ROUNDING = 1e-9;

        public Upstream {
            within("teacher", teacher, 0, 1);
            within("student", student, 0, 1);
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
                    seed: 42
                    """);

    public TrainingConfig {
        atLeast("lora_r", loraR, 1);
        atLeast("sequence_len", sequenceLen, 2);
        atLeast("micro_batch_size", microBatchSize, 1);
        atLeast("gradient_accumulation_steps", gradientAccumulationSteps, 1);
        atLeast("num_epochs", numEpochs, 1);
        atLeast("eval_steps", evalSteps, 1);
        atLeast("save_steps", saveSteps, 1);
        atLeast("early_stopping_patience", earlyStoppingPatience, 0);
        within("lora_alpha", loraAlpha, Double.MIN_VALUE, 1e6);
        within("lora_dropout", loraDropout, 0, 0.99);
        within("learning_rate", learningRate, Double.MIN_VALUE, 10);
        within("warmup_ratio", warmupRatio, 0, 1);
        within("weight_decay", weightDecay, 0, 10);
        within("max_grad_norm", maxGradNorm, 0, 1e9);
        within("adam_beta1", adamBeta1, 0, 0.999999);
        within("adam_beta2", adamBeta2, 0, 0.9999999);
        within("adam_epsilon", adamEpsilon, Double.MIN_VALUE, 1);
        within("val_set_size", valSetSize, 0, 1e9);
        if (valSetSize > 1 && valSetSize != Math.rint(valSetSize)) {
            throw new CairnException(
                    "val_set_size: expected a share below 1 or a whole number, found "
                            + valSetSize);
        }
        checkTargetModules(loraTargetModules);
        rankPattern.forEach((pattern, rank) -> atLeast(patternKey("rank", pattern), rank, 1));
        alphaPattern.forEach((pattern, alpha) ->
                within(patternKey("alpha", pattern), alpha, Double.MIN_VALUE, 1e6));
    }

    private static void checkTargetModules(JsonNode modules) {
        try {
            targetModules(modules);
        } catch (CairnException e) {
            throw new CairnException("lora_target_modules: " + e.getMessage(), e);
        }
    }

    private static String patternKey(String of, String pattern) {
        String key = of + "_pattern: " + pattern;
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new CairnException(key + ": expected a regular expression", e);
        }
        return key;
    }

    private static void atLeast(String key, int value, int min) {
        if (value < min) {
            throw new CairnException(key + ": expected at least " + min + ", found " + value);
        }
    }

    private static void within(String key, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new CairnException(
                    key
                            + ": expected "
                            + (min == Double.MIN_VALUE ? "above 0" : "at least " + min)
                            + " and at most "
                            + max
                            + ", found "
                            + value);
        }
    }

    /**
     * The adapter to train.
     *
     * @param base where the base is, for whoever opens the adapter with other tools
     * @param revision of a base on the hub; null for the newest
     */
    public PeftConfig peft(String base, @Nullable String revision) {
        return new PeftConfig(
                base,
                revision,
                loraR,
                loraAlpha,
                loraDropout,
                targetModules(loraTargetModules),
                useRslora,
                rankPattern,
                alphaPattern);
    }

    private static TargetModules targetModules(JsonNode node) {
        if (isName(node)) {
            return TargetModules.parse(node.stringValue());
        }
        if (node.isArray()
                && !node.isEmpty()
                && node.valueStream().allMatch(TrainingConfig::isName)) {
            return new TargetModules.Names(node.valueStream().map(JsonNode::stringValue).toList());
        }
        throw new CairnException(
                "expected a list of names, a regular expression or all-linear, found " + node);
    }

    private static boolean isName(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank();
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

    /** The patience, or null when there is none. */
    public @Nullable Integer patience() {
        return earlyStoppingPatience == 0 ? null : earlyStoppingPatience;
    }
}
