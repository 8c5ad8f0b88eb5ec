package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads the small files beside a model's weights. Sizes are bounded because the files come from the
 * internet.
 */
public final class TextFiles {
    /** The largest known tokenizers take some 35 MB. */
    static final long MAX_BYTES = 256L << 20;

    static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(100)
                                                    .maxNumberLength(100)
                                                    .build())
                                    .build())
                    .build();

    private TextFiles() {}

    /**
     * The text of a file.
     *
     * @throws CairnException if the file cannot be read, is too large or is not UTF-8
     */
    static String read(Path file) {
        return BoundedFiles.readString(file, MAX_BYTES);
    }

    /** The JSON object in a file; an empty one if there is no such file. */
    public static JsonNode jsonIfExists(Path file) {
        return Files.exists(file) ? json(file, read(file)) : JsonNodeFactory.instance.objectNode();
    }

    /** The JSON object in a text. */
    static JsonNode json(Path file, String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root.isObject()) {
                return root;
            }
            throw new CairnException(file + ": expected a JSON object; fetch the file again");
        } catch (JacksonException e) {
            throw new CairnException(
                    file + ": not valid JSON" + place(e) + "; fetch the file again", e);
        }
    }

    /** Where the parser stopped; empty if it hit one of its limits, which have no position. */
    static String place(JacksonException e) {
        TokenStreamLocation place = e.getLocation();
        return place == null
                ? ": " + Texts.shortened(Texts.oneLine(e))
                : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }
}
