package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which files of a repository a causal language model, or an adapter for one, needs. */
final class Needs {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String ADAPTER_CONFIG = "adapter_config.json";
    static final String ADAPTER = "adapter_model.safetensors";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Downloaded if present. */
    private static final List<String> SMALL =
            List.of(
                    CONFIG,
                    "generation_config.json",
                    TOKENIZER,
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "chat_template.jinja",
                    ADAPTER_CONFIG);

    /** The indexes of the largest published models are below 10 MB. */
    private static final long MAX_INDEX_BYTES = 20_000_000;

    private Needs() {}

    /**
     * The files to download, small ones first; without a model's shards, which only its index
     * names. Of a GGUF file, only itself and its parts.
     *
     * @throws CairnException when there are no weights Cairn can use, saying what there is instead
     */
    static List<HubFile> of(Listing listing) {
        Set<String> there = listing.files().keySet();
        if (listing.id().file() != null) {
            return files(listing, GgufFiles.among(there).select(listing.id()));
        }
        List<String> names = new ArrayList<>(SMALL);
        names.retainAll(there);
        if (there.contains(ADAPTER_CONFIG) && there.contains(ADAPTER)) {
            names.add(ADAPTER);
        }
        if (there.contains(CONFIG)) {
            if (there.contains(WEIGHTS)) {
                names.add(WEIGHTS);
            } else if (there.contains(INDEX)) {
                names.add(INDEX);
            }
        }
        if (names.stream().noneMatch(List.of(ADAPTER, WEIGHTS, INDEX)::contains)) {
            throw new CairnException(listing.id() + ": " + whatInstead(listing.id(), there));
        }
        return files(listing, names);
    }

    /**
     * The shards that a model's index names.
     *
     * @throws CairnException when the index is damaged or names a file that the repository does not
     *     have
     */
    static List<HubFile> shards(Listing listing, Path index) {
        Set<String> names = shards(index);
        for (String name : names) {
            if (!listing.files().containsKey(name)) {
                throw new CairnException(
                        "%s: %s names a file '%s' that the repository does not have"
                                .formatted(listing.id(), INDEX, name.replaceAll("\\p{Cc}", "?")));
            }
        }
        return files(listing, List.copyOf(names));
    }

    private static List<HubFile> files(Listing listing, List<String> names) {
        List<HubFile> files = new ArrayList<>();
        for (String name : names) {
            HubFile file = listing.files().get(name);
            if (file != null) {
                files.add(file.checked(listing.id()));
            }
        }
        return files;
    }

    /** The names of the shards, in order. */
    static Set<String> shards(Path index) {
        Set<String> names = new TreeSet<>();
        try {
            JsonNode json =
                    JsonMapper.shared().readTree(BoundedFiles.readString(index, MAX_INDEX_BYTES));
            json.path("weight_map").values().forEach(shard -> names.add(shard.stringValue("")));
        } catch (JacksonException e) {
            throw new CairnException(index + ": not valid JSON; pull the model again", e);
        }
        if (names.isEmpty()) {
            throw new CairnException(index + ": weight_map: names no files; pull the model again");
        }
        return names;
    }

    private static String whatInstead(HubId id, Set<String> there) {
        Predicate<String> isPickle = name -> name.matches(".*\\.(bin|pt|pth|ckpt)");
        if (!there.contains(CONFIG) && (there.contains(WEIGHTS) || there.contains(INDEX))) {
            return "has weights but no config.json, so it is unknown which model they belong to";
        }
        if (there.contains(ADAPTER_CONFIG)) {
            return "is an adapter without adapter_model.safetensors; "
                    + (there.stream().anyMatch(isPickle)
                            ? "its weights are pickle files, which can run code when opened: load it with PEFT and save it again"
                            : "choose another revision");
        }
        GgufFiles files = GgufFiles.among(there);
        if (!files.models().isEmpty()) {
            return "holds GGUF files, of which you choose one, such as %s:%s; it has %s"
                    .formatted(
                            id,
                            files.models().values().iterator().next().getFirst(),
                            files.listed());
        }
        if (there.stream().anyMatch(isPickle)) {
            return "has only pickle files as weights, which can run code when opened; choose a revision (such as refs/pr/N) or another copy with safetensors, or load it with transformers and save it again";
        }
        return "has neither model.safetensors nor adapter_model.safetensors, so Cairn cannot use it";
    }
}
