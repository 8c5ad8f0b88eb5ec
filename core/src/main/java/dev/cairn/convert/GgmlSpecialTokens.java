package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.text.tokenizer.ChatTemplateFiles;
import dev.cairn.text.tokenizer.TextFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The special tokens of a Hugging Face directory, in the form that GGUF can express. */
final class GgmlSpecialTokens {
    private final Map<String, String> spellings;
    private final JsonNode config;
    private final JsonNode tokenizer;
    private final Map<String, Integer> ids;
    private final int vocabSize;
    private final Function<String, CairnException> error;

    /**
     * @param tokenizer the tokenizer.json
     * @param ids every token's id
     * @param error makes the exception for something that GGUF cannot express
     */
    GgmlSpecialTokens(
            Path directory,
            JsonNode tokenizer,
            Map<String, Integer> ids,
            int vocabSize,
            Function<String, CairnException> error) {
        this.spellings = ChatTemplateFiles.read(directory).specialTokens();
        this.config = TextFiles.jsonIfExists(directory.resolve("config.json"));
        this.tokenizer = tokenizer;
        this.ids = ids;
        this.vocabSize = vocabSize;
        this.error = error;
    }

    @Nullable Integer unknown() {
        Integer named = id("unk");
        return named != null
                ? named
                : ids.get(tokenizer.path("model").path("unk_token").asString(""));
    }

    /**
     * The token's id by its spelling in tokenizer_config.json, otherwise from config.json; null if
     * neither names it.
     */
    @Nullable Integer id(String kind) {
        Integer id = ids.get(spellings.getOrDefault(kind + "_token", ""));
        if (id != null) {
            return id;
        }
        JsonNode number = config.path(kind + "_token_id");
        JsonNode first = number.isArray() ? number.path(0) : number;
        return first.isInt() && first.asInt() >= 0 && first.asInt() < vocabSize
                ? Integer.valueOf(first.asInt())
                : null;
    }

    /** Whether the post-processor puts this token at the beginning of a text. */
    boolean begins(String kind, @Nullable Integer id) {
        return singles().stream().anyMatch(single -> adds(single.path(0), kind, id));
    }

    /** Whether the post-processor puts this token at the end of a text. */
    boolean ends(String kind, @Nullable Integer id) {
        return singles().stream()
                .anyMatch(single -> adds(single.path(single.size() - 1), kind, id));
    }

    /** The template for a single text in each step of the post-processor. */
    private List<JsonNode> singles() {
        JsonNode processor = tokenizer.path("post_processor");
        List<JsonNode> processors = new ArrayList<>();
        if (processor.path("type").asString("").equals("Sequence")) {
            processor.path("processors").forEach(processors::add);
        } else if (processor.isObject()) {
            processors.add(processor);
        }
        List<JsonNode> singles = new ArrayList<>();
        for (JsonNode one : processors) {
            String type = one.path("type").asString("");
            if (type.equals("TemplateProcessing")) {
                singles.add(one.path("single"));
            } else if (!type.equals("ByteLevel")) {
                throw error.apply("post_processor %s, which GGUF cannot express".formatted(type));
            }
        }
        return singles;
    }

    private boolean adds(JsonNode piece, String kind, @Nullable Integer id) {
        JsonNode end = piece.path("SpecialToken");
        if (end.isMissingNode()) {
            return false;
        }
        String token = end.path("id").asString("");
        if (id == null || !id.equals(ids.get(token))) {
            throw error.apply(
                    "post_processor: puts '%s' where GGUF can only put the %s token"
                            .formatted(token, kind));
        }
        return true;
    }
}
