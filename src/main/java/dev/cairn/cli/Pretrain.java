package dev.cairn.cli;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import dev.cairn.YamlFile;
import dev.cairn.data.CorpusPlan;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.Parameter;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.SafetensorsTensor;
import dev.cairn.tensor.SafetensorsWriter;
import dev.cairn.tensor.Tensor;
import dev.cairn.text.BpeTrainer;
import dev.cairn.text.Tokenizer;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        if (!resume && Files.exists(directory.resolve("tokenizer.json"))) {
            throw new CairnException(
                    directory
                            + ": holds a model or an earlier run; go on with --resume, choose another --output, or delete the folder");
        }
        Corpus corpus = Corpus.read(yaml, config.text());
        Tokenizer tokenizer = tokenizer(config, corpus, directory);
        int end = tokenizer.tokenId(BpeTrainer.END_OF_TEXT).orElseThrow();
        Path configFile = writeConfig(config, tokenizer.vocabSize(), end, directory);
        int[] training = corpus.training(tokenizer, end);
        int[] validation = corpus.validation(tokenizer, end);
        System.err.printf(
                "pretrain: %,d tokens to train on, %,d to validate%n",
                training.length, validation.length);

        PretrainConfig.Training how = config.training();
        CausalLm model = Models.fresh(configFile, how.seed(), Kernels.vector());
        TrainingRun run =
                new TrainingRun(
                        model,
                        null,
                        new CorpusPlan(
                                training,
                                how.sequenceLen(),
                                how.batchSize(),
                                how.steps(),
                                how.seed()),
                        CorpusPlan.inOrder(validation, how.sequenceLen(), how.batchSize()),
                        how.settings(),
                        directory.resolve("run"),
                        String.join("\n", config.toString(), "tokens " + training.length));
        try (TrainingBar bar = new TrainingBar("pretrain")) {
            Trainer.Outcome outcome = Trainer.train(run, resume, bar);
            save(model, directory);
            System.err.printf(
                    "pretrain: %d steps, best validation loss %.4f at step %d; model in %s%n",
                    outcome.steps(), outcome.bestLoss(), outcome.bestStep(), directory);
        }
        return 0;
    }

    /** A resumed run keeps the tokenizer it began with. */
    private static Tokenizer tokenizer(PretrainConfig config, Corpus corpus, Path directory) {
        if (!Files.exists(directory.resolve("tokenizer.json"))) {
            BpeTrainer trainer =
                    BpeTrainer.of(config.tokenizer().vocabSize(), List.of(BpeTrainer.END_OF_TEXT));
            corpus.learn(trainer);
            trainer.train().writeTo(directory);
        }
        return Tokenizer.load(directory);
    }

    private static Path writeConfig(
            PretrainConfig config, int vocabulary, int end, Path directory) {
        Map<String, Object> json = new LinkedHashMap<>(config.model());
        json.put("vocab_size", vocabulary);
        json.put("bos_token_id", end);
        json.put("eos_token_id", end);
        json.put("torch_dtype", "bfloat16");
        String text =
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(json);
        Path file = directory.resolve("config.json");
        AtomicFiles.writeString(file, text + "\n");
        return file;
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
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
    }
}
