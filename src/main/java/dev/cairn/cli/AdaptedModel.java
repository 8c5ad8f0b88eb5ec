package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.model.Checkpoint;
import dev.cairn.model.PeftConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A base model, alone or with an adapter.
 *
 * @param base Hugging Face directory
 * @param adapter PEFT directory; null for the base alone
 */
record AdaptedModel(Path base, @Nullable Path adapter) {
    /**
     * What a path names: a model directory, or a PEFT directory with the base it says it is for.
     *
     * @param base to use instead of the adapter's own; may be null
     */
    static AdaptedModel of(Path path, @Nullable Path base) {
        Path config = path.resolve(PeftConfig.FILE_NAME);
        if (Files.exists(config)) {
            return new AdaptedModel(base != null ? base : named(config), path);
        }
        if (base != null) {
            throw new CairnException(
                    "%s: is no adapter, so --base has no meaning: it holds no %s"
                            .formatted(path, PeftConfig.FILE_NAME));
        }
        return new AdaptedModel(path, null);
    }

    private static Path named(Path config) {
        String name = PeftConfig.read(config).baseModelNameOrPath();
        if (name == null) {
            throw new CairnException(
                    config + ": base_model_name_or_path: missing; name the base with --base");
        }
        Path base = Path.of(name);
        if (!Files.isDirectory(base)) {
            throw new CairnException(
                    "%s: base_model_name_or_path: %s: no such model directory; name it with --base"
                            .formatted(config, name));
        }
        return base;
    }

    Checkpoint open() {
        return Checkpoint.open(base, adapter);
    }

    /** What a person calls it: the name of its folder. */
    String name() {
        Path folder = (adapter != null ? adapter : base).toAbsolutePath().normalize();
        return String.valueOf(folder.getFileName());
    }
}
