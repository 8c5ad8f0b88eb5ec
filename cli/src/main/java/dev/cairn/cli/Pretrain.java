package dev.cairn.cli;

import dev.cairn.recipe.pretraining.Corpus;
import dev.cairn.recipe.pretraining.PretrainConfig;
import dev.cairn.train.Fingerprint;
import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import dev.cairn.YamlFile;
import dev.cairn.data.CorpusPlan;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.BpeVocabulary;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn pretrain}: text to a model directory. */
@Command(
        name = "pretrain",
        description =
                "Trains a tokenizer and a base model from text: YAML in, model directory out.")
final class Pretrain implements Callable<Integer> {
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String RUN = "run";

    @Parameters(paramLabel = "CONFIG.yaml", description = "What to train, on what and how.")
    private Path file = Path.of("");

    @Option(names = "--output", paramLabel = "DIR", description = "Instead of output_dir.")
    private @Nullable Path output;

    @Option(names = "--resume", description = "Go on where an earlier run stopped.")
    private boolean resume;

    @Override
    public Integer call() {
        YamlFile yaml = YamlFile.read(file);
        PretrainConfig config = yaml.as(PretrainConfig.class);
        Path directory = output != null ? output : yaml.resolve(config.outputDir());
        boolean isBegun = refuseWhatIsThere(directory);
        Corpus corpus = Corpus.read(yaml, config.text());
        if (!isBegun) {
            writeConfig(config, directory);
        }
        CausalLm model = model(yaml, config, directory);
        if (!isBegun) {
            writeTokenizer(yaml, config, corpus, directory);
        }
        Tokenizer tokenizer = Tokenizer.load(directory);
        int[] training = corpus.training(tokenizer, PretrainConfig.END_ID);
        int[] validation = corpus.validation(tokenizer, PretrainConfig.END_ID);
        System.err.printf(
                "pretrain: %d tokens to train on, %d to validate%n",
                training.length, validation.length);
        TrainingRun run = run(yaml, config, model, training, validation, directory);
        try (TrainingBar bar = new TrainingBar("pretrain")) {
            Trainer.Outcome outcome = Trainer.train(run, resume, bar);
            save(model, directory);
            System.err.printf("pretrain: %s; model in %s%n", Train.describe(outcome), directory);
        }
        return 0;
    }

    /** Whether there is a run to go on with. Without one, a resumed run begins anew. */
    private boolean refuseWhatIsThere(Path directory) {
        boolean isBegun = Trainer.hasBegun(directory.resolve(RUN));
        boolean hasModel = Files.exists(directory.resolve(WEIGHTS));
        if (!resume && (isBegun || hasModel || Files.exists(directory.resolve(TOKENIZER)))) {
            throw new CairnException(
                    directory
                            + ": holds a model or an earlier run; go on with --resume, choose another --output, or delete the folder");
        }
        if (!isBegun && hasModel) {
            throw new CairnException(
                    directory
                            + ": holds a model but no run to go on with; choose another --output, or delete the folder");
        }
        return isBegun;
    }

    private static void writeConfig(PretrainConfig config, Path directory) {
        String text =
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(config.configJson());
        AtomicFiles.writeString(directory.resolve(CONFIG), text + "\n");
    }

    /** Made before the vocabulary, which takes minutes: most mistakes are in the model's keys. */
    private static CausalLm model(YamlFile yaml, PretrainConfig config, Path directory) {
        try {
            return Models.fresh(
                    directory.resolve(CONFIG), config.training().seed(), Kernels.vector());
        } catch (CairnException e) {
            throw yaml.error("model", String.valueOf(e.getMessage()));
        }
    }

    private static void writeTokenizer(
            YamlFile yaml, PretrainConfig config, Corpus corpus, Path directory) {
        System.err.printf(
                "pretrain: learning a vocabulary of %d tokens from %d documents%n",
                config.tokenizer().vocabSize(), corpus.size());
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

    private static TrainingRun run(
            YamlFile yaml,
            PretrainConfig config,
            CausalLm model,
            int[] training,
            int[] validation,
            Path directory) {
        PretrainConfig.Training how = config.training();
        if (training.length <= how.sequenceLen()) {
            throw yaml.error(
                    "training.sequence_len",
                    "expected fewer than the %d tokens of the text, found %d; add text or lower it"
                            .formatted(training.length, how.sequenceLen()));
        }
        Fingerprint fingerprint =
                new Fingerprint()
                        .add("model", config.model())
                        .add("tokenizer", config.tokenizer())
                        .add("training", how)
                        .add("tokens to train on", digest(training))
                        .add("tokens to validate on", digest(validation));
        return new TrainingRun(
                model,
                null,
                new CorpusPlan(
                        training, how.sequenceLen(), how.batchSize(), how.steps(), how.seed()),
                CorpusPlan.inOrder(validation, how.sequenceLen(), how.batchSize()),
                how.settings(),
                directory.resolve(RUN),
                fingerprint.toString());
    }

    private static String digest(int[] tokens) {
        return tokens.length + ":" + Integer.toHexString(Arrays.hashCode(tokens));
    }

    private static void save(CausalLm model, Path directory) {
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
