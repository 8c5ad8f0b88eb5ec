package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.CorpusPlan;
import dev.cairn.data.TokenExample;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.weights.Parameter;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.TrainingOutcome;
import dev.cairn.recipe.parts.LossCurves;
import dev.cairn.recipe.probe.ProbeMeasure;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.YamlFile;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.BpeVocabulary;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.train.Fingerprint;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A pre-training run: trains a tokenizer and a base model from text, as a YAML file describes. */
public final class Pretraining {
    private static final String NAME = "pretrain";
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String RUN = "run";

    private final YamlFile yaml;
    private final PretrainConfig config;
    private Path directory;
    private boolean resume;
    private RecipeListener listener = RecipeListener.NONE;

    private Pretraining(YamlFile yaml) {
        this.yaml = yaml;
        this.config = yaml.as(PretrainConfig.class);
        this.directory = yaml.resolve(config.outputDir());
    }

    /**
     * The pre-training that a YAML file describes.
     *
     * @throws CairnException if a key is unknown or missing or a value is invalid; the message
     *     names file and key
     */
    public static Pretraining load(Path file) {
        return new Pretraining(YamlFile.read(file));
    }

    /** Sets the model directory to create, in place of the file's {@code output_dir}. */
    public Pretraining output(Path other) {
        directory = other;
        return this;
    }

    /**
     * Sets whether to continue an earlier run; if there is none, the run starts from the beginning.
     */
    public Pretraining resume(boolean isWanted) {
        resume = isWanted;
        return this;
    }

    /** Sets the listener for events. */
    public Pretraining listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /**
     * Trains.
     *
     * @throws CairnException if the folder contains a model or, unless resumed, an earlier run; if
     *     there is too little text; or if the loss becomes NaN
     */
    public PretrainedModel run() {
        boolean isBegun = refuseWhatIsThere();
        Corpus corpus = Corpus.read(yaml, config.text());
        if (!isBegun) {
            writeConfig();
        }
        CausalLm model = model();
        lookBack(model);
        if (!isBegun) {
            writeTokenizer(corpus);
        }
        Tokenizer tokenizer = Tokenizer.load(directory);
        List<TokenExample> training = corpus.training(tokenizer, PretrainConfig.END_ID);
        List<TokenExample> validation = corpus.validation(tokenizer, PretrainConfig.END_ID);
        notice(
                "%d tokens to train on, %d to validate"
                        .formatted(CorpusPlan.tokens(training), CorpusPlan.tokens(validation)));
        TrainingRun run = run(model, ProbeMeasure.of(model, tokenizer), training, validation);
        try (Steps steps = new Steps(NAME, listener)) {
            TrainingOutcome outcome = Steps.outcome(Trainer.train(run, resume, steps));
            save(model);
            return new PretrainedModel(directory, outcome, LossCurves.of(NAME, run.directory()));
        }
    }

    private void notice(String text) {
        listener.on(new RecipeEvent.Notice(NAME + ": " + text));
    }

    /** Whether there is a run to continue. */
    private boolean refuseWhatIsThere() {
        boolean isBegun = Trainer.hasBegun(directory.resolve(RUN));
        boolean hasModel = Files.exists(directory.resolve(WEIGHTS));
        if (!resume && (isBegun || hasModel || Files.exists(directory.resolve(TOKENIZER)))) {
            throw new CairnException(
                            directory
                                    + ": contains a model or an earlier run; resume it, choose another output folder, or delete this one")
                    .suggesting("resume", "output");
        }
        if (!isBegun && hasModel) {
            throw new CairnException(
                            directory
                                    + ": contains a model but no run to continue; choose another output folder, or delete this one")
                    .suggesting("output");
        }
        return isBegun;
    }

    private void writeConfig() {
        String text =
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(config.configJson());
        AtomicFiles.writeString(directory.resolve(CONFIG), text + "\n");
    }

    /**
     * Created before the vocabulary, which takes minutes, because most mistakes are in the model's
     * keys.
     */
    private CausalLm model() {
        try {
            return Models.fresh(
                    directory.resolve(CONFIG), config.training().seed(), Kernels.vector());
        } catch (CairnException e) {
            throw e.at(yaml.path(), "model");
        }
    }

    private void lookBack(CausalLm model) {
        Integer heads = config.training().previousTokenHeads();
        if (heads != null) {
            try {
                model.lookBack(heads);
            } catch (CairnException e) {
                throw yaml.error("", "training." + e.getMessage());
            }
        }
    }

    private void writeTokenizer(Corpus corpus) {
        notice(
                "learning a vocabulary of %d tokens from %d documents"
                        .formatted(config.tokenizer().vocabSize(), corpus.size()));
        BpeTrainer trainer = config.tokenizer().trainer();
        corpus.learn(trainer);
        BpeVocabulary vocabulary;
        try {
            vocabulary = trainer.train();
        } catch (CairnException e) {
            throw yaml.error("", "tokenizer." + e.getMessage());
        }
        vocabulary.writeTo(directory);
    }

    private TrainingRun run(
            CausalLm model,
            ProbeMeasure probes,
            List<TokenExample> training,
            List<TokenExample> validation) {
        PretrainConfig.Training how = config.training();
        long tokens = CorpusPlan.tokens(training);
        if (tokens <= how.sequenceLen()) {
            throw yaml.error(
                    "training.sequence_len",
                    "expected fewer than the %d tokens of the text, found %d; add text or lower it"
                            .formatted(tokens, how.sequenceLen()));
        }
        Fingerprint fingerprint =
                new Fingerprint()
                        .add("model", config.model())
                        .add("tokenizer", config.tokenizer())
                        .add("training", how)
                        .add("rows", "a document each")
                        .addExamples("tokens to train on", training)
                        .addExamples("tokens to validate on", validation);
        if (how.earlyStoppingPatience() != null) {
            fingerprint.add("probes", probes.digest());
        }
        return new TrainingRun(
                model,
                null,
                new CorpusPlan(
                        training, how.sequenceLen(), how.batchSize(), how.steps(), how.seed()),
                CorpusPlan.inOrder(validation, how.sequenceLen(), how.batchSize()),
                probes,
                how.settings(),
                directory.resolve(RUN),
                fingerprint.toString());
    }

    private void save(CausalLm model) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (Parameter p : model.parameters()) {
            Tensor value = p.value();
            tensors.add(
                    value.rows() == 1
                            ? SafetensorsTensor.bf16(p.name(), value.toFloats(), value.cols())
                            : SafetensorsTensor.bf16(
                                    p.name(), value.toFloats(), value.rows(), value.cols()));
        }
        SafetensorsWriter.write(directory.resolve(WEIGHTS), Map.of("format", "pt"), tensors);
    }
}
