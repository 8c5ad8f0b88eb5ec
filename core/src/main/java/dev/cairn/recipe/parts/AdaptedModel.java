package dev.cairn.recipe.parts;

import dev.cairn.CairnException;
import dev.cairn.hub.HubId;
import dev.cairn.model.PeftConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.ModelFinder.Found;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A base model, alone or with an adapter.
 *
 * @param base a Hugging Face directory or a GGUF file
 * @param baseId the base's id on the hub if it was named by id; otherwise null
 * @param adapter PEFT directory; null for the base alone
 * @param name display name: the last part of its path or of its id on the hub, without the ending
 *     of a GGUF file
 */
public record AdaptedModel(
        Path base, @Nullable String baseId, @Nullable Path adapter, String name) {
    /**
     * Finds a model by name, or an adapter with the base that it names in its configuration.
     *
     * @param base a base that replaces the adapter's own; null for the adapter's own
     * @throws CairnException if there is no such model, or a base is given but {@code model} is not
     *     an adapter
     */
    public static AdaptedModel of(String model, @Nullable String base, ModelFinder finder) {
        Found found = finder.find(model);
        Path config = found.directory().resolve(PeftConfig.FILE_NAME);
        if (Files.exists(config)) {
            String baseName = base != null ? base : baseName(config);
            Found foundBase = finder.find(baseName);
            Path folder = foundBase.directory();
            if (base == null && !Files.exists(folder)) {
                throw new CairnException(
                                "%s: base_model_name_or_path: %s: no such model directory or GGUF file; give the base"
                                        .formatted(config, baseName))
                        .suggesting("base");
            }
            return new AdaptedModel(folder, foundBase.hubId(), found.directory(), name(found));
        }
        if (base != null) {
            throw new CairnException(
                            "%s: not an adapter (it has no %s), so no base applies; leave the base out"
                                    .formatted(model, PeftConfig.FILE_NAME))
                    .suggesting("base");
        }
        return new AdaptedModel(found.directory(), found.hubId(), null, name(found));
    }

    private static String baseName(Path config) {
        PeftConfig peft = PeftConfig.read(config);
        String name = peft.baseModelNameOrPath();
        if (name == null) {
            throw new CairnException(config + ": base_model_name_or_path: missing; give the base")
                    .suggesting("base");
        }
        return peft.revision() == null || new File(name).exists()
                ? name
                : HubId.inPlaceOfPath(name)
                        .map(id -> id.at(peft.revision()).toString())
                        .orElse(name);
    }

    private static String name(Found found) {
        if (found.hubId() != null && HubId.parse(found.hubId()).file() == null) {
            return HubId.parse(found.hubId()).name();
        }
        Path path = found.directory().toAbsolutePath().normalize();
        return String.valueOf(path.getFileName())
                .replaceFirst("(-[0-9]{5}-of-[0-9]{5})?\\.gguf$", "");
    }
}
