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

    /** Taken when they are there. */
    private static final List<String> SMALL =
            List.of(
                    CONFIG,
                    "generation_config.json",
                    TOKENIZER,
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "chat_template.jinja",
                    ADAPTER_CONFIG);

    /** The largest published models have under 10 MB of index. */
    private static final long MAX_INDEX_BYTES = 20_000_000;

    private Needs() {}

    /**
     * The files to take, small ones first; the shards of a model are not among them, as only its
     * index names them.
     *
     * @throws CairnException when there are no weights Cairn can use, saying what there is instead
     */
    static List<HubFile> of(Listing listing) {
        Set<String> there = listing.files().keySet();
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
            throw new CairnException(listing.id() + ": " + whatInstead(there));
        }
        return files(listing, names);
    }

    /**
     * The shards that a model's index names.
     *
     * @throws CairnException when the index is damaged or names what the repository does not have
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
            throw new CairnException(index + ": is no JSON; pull the model again", e);
        }
        if (names.isEmpty()) {
            throw new CairnException(index + ": names no files with weights");
        }
        return names;
    }

    private static String whatInstead(Set<String> there) {
        Predicate<String> isPickle = name -> name.matches(".*\\.(bin|pt|pth|ckpt)");
        if (!there.contains(CONFIG) && (there.contains(WEIGHTS) || there.contains(INDEX))) {
            return "has weights but no config.json, so nothing says what model they are";
        }
        if (there.contains(ADAPTER_CONFIG)) {
            return "is an adapter without adapter_model.safetensors; "
                    + (there.stream().anyMatch(isPickle)
                            ? "its weights are pickle files, which can run code when they are opened: load it with PEFT and save it again"
                            : "choose another revision");
        }
        if (there.stream().anyMatch(isPickle)) {
            return "has its weights as pickle files only, which can run code when they are opened; choose a revision or another copy with safetensors (REVISION may be refs/pr/N), or load it with transformers and save it again";
        }
        if (there.stream().anyMatch(name -> name.endsWith(".gguf"))) {
            return "has GGUF files only, which pull does not take; pull the model they were made from, which its page on the hub names";
        }
        return "has no model.safetensors and no adapter_model.safetensors; it is no model that Cairn can use";
    }
}
