package dev.cairn.convert;

import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a model with an adapter fused into its weights, as a Hugging Face directory. */
public final class FusedModel {
    /** The files that a model has besides its weights. */
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

    private FusedModel() {}

    /**
     * Writes the model.
     *
     * @param base a Hugging Face directory or a GGUF file, whose blocks become F32
     * @param adapter PEFT directory; null for the base as it is
     * @param output a folder that is empty or does not exist yet
     * @throws dev.cairn.CairnException when the folder is not empty, or the adapter does not fit
     *     the base
     */
    public static void write(Path base, @Nullable Path adapter, Path output) {
        try (Checkpoint weights = Checkpoint.open(base, adapter)) {
            OutputFolder.fill(
                    output,
                    () -> {
                        // The small files first: they are soon refused if they cannot be written.
                        writeCompanions(base, output);
                        weights.write(output);
                    });
        }
    }

    private static void writeCompanions(Path base, Path output) {
        if (Files.isDirectory(base)) {
            COMPANIONS.forEach(name -> copy(base.resolve(name), output));
        } else {
            GgufCompanions.write(base, output);
        }
    }

    private static void copy(Path file, Path output) {
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
