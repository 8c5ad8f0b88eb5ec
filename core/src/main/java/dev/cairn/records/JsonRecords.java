package dev.cairn.records;

import dev.cairn.CairnException;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON records from a file, one at a time: one object per line, or one array of objects. */
public final class JsonRecords {
    /** A strict mapper: rejects a duplicate field, and text after the value. */
    public static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final ObjectReader ELEMENT =
            JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final TextFile file;
    private final Consumer<DataRecord> consumer;

    private JsonRecords(TextFile file, Consumer<DataRecord> consumer) {
        this.file = file;
        this.consumer = consumer;
    }

    /**
     * Reads a file: an array of records when it starts with a bracket, otherwise one record on
     * every line that is not blank.
     *
     * @throws CairnException if a record is not a JSON object; names the file and the line where
     *     the record begins
     */
    public static void read(TextFile file, Consumer<DataRecord> consumer) {
        JsonRecords records = new JsonRecords(file, consumer);
        if (file.beginsWith('[')) {
            records.array();
        } else {
            records.lines();
        }
    }

    private void lines() {
        Iterator<String> lines = file.lines().iterator();
        for (int line = 1; lines.hasNext(); line++) {
            String text = lines.next();
            if (!text.isBlank()) {
                accept(line, line, parse(text, line));
            }
        }
    }

    private JsonNode parse(String text, int line) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw notJson(line, "; expected one complete record per line", e);
        }
    }

    private void array() {
        int line = 1;
        try (JsonParser parser = JSON.createParser(file.reader())) {
            parser.nextToken();
            for (int number = 1; parser.nextToken() != JsonToken.END_ARRAY; number++) {
                line = parser.currentTokenLocation().getLineNr();
                accept(line, number, ELEMENT.readTree(parser));
            }
            if (parser.nextToken() != null) {
                throw error(
                        parser.currentTokenLocation().getLineNr(),
                        "expected nothing after the list of records, found '%s'"
                                .formatted(Excerpt.of(parser.getString())));
            }
        } catch (JacksonException e) {
            throw notJson(line, place(e.getLocation()), e);
        }
    }

    private void accept(int line, int number, JsonNode record) {
        if (!(record instanceof ObjectNode fields)) {
            throw error(
                    line,
                    "expected a JSON object, found '%s'".formatted(Excerpt.of(record.toString())));
        }
        consumer.accept(new DataRecord(file.path(), line, number, fields));
    }

    private static String place(@Nullable TokenStreamLocation at) {
        return at == null
                ? ""
                : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
    }

    private CairnException notJson(int line, String more, JacksonException e) {
        return new CairnException(
                "%s:%d: not valid JSON: %s%s"
                        .formatted(file.path(), line, e.getOriginalMessage(), more),
                e);
    }

    private CairnException error(int line, String problem) {
        return new CairnException("%s:%d: %s".formatted(file.path(), line, problem));
    }
}
