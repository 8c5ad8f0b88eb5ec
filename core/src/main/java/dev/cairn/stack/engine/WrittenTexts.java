package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.support.LineFile;
import dev.cairn.support.TextDigest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stages wrote, kept in a file of one JSON object per line as it is written, so that a run
 * that was killed need not write it again. Safe for use by several threads.
 */
final class WrittenTexts implements AutoCloseable {
    /**
     * One text.
     *
     * @param stage who wrote it, for people
     * @param writer everything the text depends on besides the prompt, as a digest
     */
    record Line(String stage, String writer, String prompt, String text) {
        private String key() {
            return TextDigest.of(writer, prompt).hex();
        }
    }

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build();

    private final LineFile file;
    private final Map<String, String> texts = new HashMap<>();

    private WrittenTexts(Path path) {
        file = LineFile.open(path, (line, where) -> know(parse(line, where)));
    }

    /**
     * Opens a file that need not exist yet. A last line cut short by a kill is dropped.
     *
     * @throws CairnException naming the line when another one is damaged
     */
    static WrittenTexts open(Path path) {
        return new WrittenTexts(path);
    }

    private static Line parse(String line, String where) {
        try {
            return JSON.readValue(line, Line.class);
        } catch (JacksonException e) {
            throw new CairnException(
                    where
                            + ": expected the JSON object of a text; the file is damaged, delete this line",
                    e);
        }
    }

    private void know(Line line) {
        texts.put(line.key(), line.text());
    }

    /** What a writer wrote after a prompt, if it is known. */
    synchronized @Nullable String get(String writer, String prompt) {
        return texts.get(TextDigest.of(writer, prompt).hex());
    }

    synchronized void add(Line line) {
        file.add(JSON.writeValueAsString(line));
        know(line);
    }

    @Override
    public void close() {
        file.close();
    }
}
