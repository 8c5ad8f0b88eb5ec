package dev.cairn.cli;

import dev.cairn.convert.OutputFolder;
import dev.cairn.recipe.AdaptedModel;
import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import dev.cairn.convert.Checkpoint;
import dev.cairn.model.PeftConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn fuse}: an adapter becomes part of its base. */
@Command(
        name = "fuse",
        description = "Writes a model with an adapter in its weights, as a Hugging Face directory.")
final class Fuse implements Callable<Integer> {
    /** What a model has besides its weights. */
    private static final List<String> COMPANIONS =
            List.of(
                    "config.json",
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "tokenizer.model",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "merges.txt",
                    "chat_template.jinja");

    @Parameters(
            index = "0",
            paramLabel = "ADAPTER",
            description = "A PEFT directory, or ORG/NAME[@REVISION] on the hub.")
    private String adapter = "";

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Where to write the model; empty or not there yet.")
    private Path output = Path.of("");

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "The base model, instead of the one the adapter names.")
    private @Nullable String base;

    @Override
    public Integer call() {
        AdaptedModel model = AdaptedModel.of(adapter, base);
        if (model.adapter() == null) {
            throw new CairnException(
                    adapter + ": is no adapter: it holds no " + PeftConfig.FILE_NAME);
        }
        try (Checkpoint weights = model.open()) {
            OutputFolder.fill(
                    output,
                    () -> {
                        weights.write(output);
                        COMPANIONS.forEach(name -> copy(model.base().resolve(name)));
                    });
        }
        System.out.println(output);
        return 0;
    }

    private void copy(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            AtomicFiles.write(output.resolve(file.getFileName()), out -> out.write(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
