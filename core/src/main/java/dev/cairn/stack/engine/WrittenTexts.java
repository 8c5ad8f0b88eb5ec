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
 * A file of the texts that stages wrote, one JSON object per line. Each text is saved at once, so
 * that a run that was killed need not generate it again. Thread-safe.
 */
final class WrittenTexts implements AutoCloseable {
    /**
     * One text.
     *
     * @param stage name of the stage, for human readers
     * @param writer a digest of everything the text depends on besides the prompt
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
     * Opens a file, which need not exist yet. An incomplete last line, left by a killed process, is
     * dropped.
     *
     * @throws CairnException if another line is damaged; the message names it
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

    /** The text for a writer and a prompt; null if it is not in the file. */
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
