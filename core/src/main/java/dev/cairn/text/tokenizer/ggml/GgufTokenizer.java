package dev.cairn.text.tokenizer.ggml;

import dev.cairn.format.Gguf;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer of a GGUF file, as the files that Hugging Face's libraries read.
 *
 * @param outline {@code tokenizer.json} without {@code vocab} and {@code merges} of its model
 * @param vocab every token's id
 * @param merges pairs in order, separated by a space
 */
public record GgufTokenizer(ObjectNode outline, Map<String, Integer> vocab, List<String> merges) {
    private static final String MODEL = "model";

    /**
     * Reads a file.
     *
     * @throws dev.cairn.CairnException naming the file and the key when the vocabulary is damaged,
     *     or Cairn does not know its pre-tokenizer
     */
    public static GgufTokenizer read(Path file) {
        return new GgmlVocabularyWriter(VocabularyKeys.read(file), file).tokenizer();
    }

    /**
     * The file's {@code tokenizer_config.json}: the special tokens and the chat template.
     *
     * @throws dev.cairn.CairnException naming the file and the key that is damaged
     */
    public static JsonNode configJson(Path file) {
        try (Gguf gguf = Gguf.openMetadata(file)) {
            return TokenizerConfigJson.of(gguf);
        }
    }

    /** The text of {@code tokenizer.json}, without white space. */
    public String json() {
        return write(JsonMapper.shared().writer());
    }

    /** The text of {@code tokenizer.json}, for people. */
    String prettyJson() {
        return write(JsonMapper.shared().writerWithDefaultPrettyPrinter());
    }

    private String write(ObjectWriter format) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = format.createGenerator(text)) {
            json.writeStartObject();
            outline.properties()
                    .forEach(part -> {
                        json.writeName(part.getKey());
                        if (part.getKey().equals(MODEL)) {
                            writeModel(part.getValue(), json);
                        } else {
                            json.writeTree(part.getValue());
                        }
                    });
            json.writeEndObject();
        }
        return text.toString();
    }

    private void writeModel(JsonNode model, JsonGenerator json) {
        json.writeStartObject();
        model.properties()
                .forEach(part -> {
                    json.writeName(part.getKey());
                    json.writeTree(part.getValue());
                });
        json.writeName("vocab");
        json.writeStartObject();
        vocab.forEach((token, id) -> json.writeName(token).writeNumber(id));
        json.writeEndObject();
        json.writeName("merges");
        json.writeStartArray();
        merges.forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
