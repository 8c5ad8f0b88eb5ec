package dev.cairn.cli.option;

import dev.cairn.recipe.parts.AdaptedModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --base} of the verbs that read an adapter. */
public final class BaseOption {
    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "The base model, instead of the one the adapter names.")
    private @Nullable String base;

    /** The model or the adapter of that name, with its base. */
    public AdaptedModel find(String model) {
        return AdaptedModel.of(model, base, NamedModels.finder());
    }
}
