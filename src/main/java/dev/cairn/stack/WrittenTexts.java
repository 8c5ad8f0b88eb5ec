package dev.cairn.stack;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stages wrote, kept in a file of one JSON object per line as it is written, so that a run
 * that was killed need not write it again. Safe for use by several threads.
 */
final class WrittenTexts {
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

    private final Path file;
    private final Map<String, String> texts = new HashMap<>();

    private WrittenTexts(Path file) {
        this.file = file;
    }

    /**
     * Opens a file that need not exist yet. A last line cut short by a kill is dropped.
     *
     * @throws CairnException naming the line when another one is damaged
     */
    static WrittenTexts open(Path file) {
        WrittenTexts written = new WrittenTexts(file);
        String text = Files.exists(file) ? read(file) : "";
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<String> lines = whole.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            written.know(written.parse(lines.get(i), i + 1));
        }
        if (whole.length() < text.length()) {
            AtomicFiles.writeString(file, whole);
        }
        return written;
    }

    /** Not decoded strictly: the line cut short may end within a character. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    private Line parse(String line, int number) {
        try {
            return JSON.readValue(line, Line.class);
        } catch (JacksonException e) {
            throw new CairnException(
                    "%s:%d: expected the JSON object of a text; the file is damaged, delete this line"
                            .formatted(file, number),
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
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    JSON.writeValueAsString(line) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be written: " + AtomicFiles.reason(e), e);
        }
        know(line);
    }
}
