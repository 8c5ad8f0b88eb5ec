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

/** Goes through the JSON records of a file, one at a time. */
public final class JsonRecords {
    public static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final ObjectReader ELEMENT =
            JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final TextFile file;
    private final Consumer<JsonRecord> consumer;

    private JsonRecords(TextFile file, Consumer<JsonRecord> consumer) {
        this.file = file;
        this.consumer = consumer;
    }

    /**
     * Every line that is not blank is a record.
     *
     * @throws CairnException naming file and line of what is no JSON object
     */
    public static void ofLines(TextFile file, Consumer<JsonRecord> consumer) {
        new JsonRecords(file, consumer).lines();
    }

    /**
     * The file is one array of records.
     *
     * @throws CairnException naming the file, and the line where a record begins that is no JSON
     *     object
     */
    public static void ofArray(TextFile file, Consumer<JsonRecord> consumer) {
        new JsonRecords(file, consumer).array();
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
            throw notJson(line, "; expected a whole record on the line", e);
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
                throw bad(
                        parser.currentTokenLocation().getLineNr(),
                        "expected nothing after the list of records, found '%s'"
                                .formatted(Excerpt.of(parser.getString())));
            }
        } catch (JacksonException e) {
            throw notJson(line, place(e.getLocation()), e);
        }
    }

    private void accept(int line, int number, JsonNode record) {
        if (!record.isObject()) {
            throw bad(
                    line,
                    "expected a JSON object, found '%s'"
                            .formatted(Excerpt.of(record.toString())));
        }
        consumer.accept(new JsonRecord(file.path(), line, number, record));
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

    private CairnException bad(int line, String what) {
        return new CairnException("%s:%d: %s".formatted(file.path(), line, what));
    }
}
