package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object a line, or one array of objects. */
final class JsonRecords {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final ObjectReader ELEMENT =
            JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final String text;
    private final List<TaskRecord> records = new ArrayList<>();

    JsonRecords(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    List<TaskRecord> read() {
        if (text.stripLeading().startsWith("[")) {
            array();
        } else {
            lines();
        }
        return records;
    }

    private void lines() {
        Iterator<String> lines = text.lines().iterator();
        for (int line = 1; lines.hasNext(); line++) {
            String one = lines.next();
            if (!one.isBlank()) {
                try {
                    add(line, JSON.readTree(one));
                } catch (JacksonException e) {
                    throw bad(line, "; expected one JSON object a line", e);
                }
            }
        }
    }

    private void array() {
        int line = 1;
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                line = parser.currentTokenLocation().getLineNr();
                add(line, ELEMENT.readTree(parser));
            }
            if (parser.nextToken() != null) {
                throw new CairnException(
                        "%s:%d: expected nothing after the array of records"
                                .formatted(file, parser.currentTokenLocation().getLineNr()));
            }
        } catch (JacksonException e) {
            throw bad(line, "", e);
        }
    }

    private void add(int line, JsonNode record) {
        if (!(record instanceof ObjectNode doc)) {
            throw new CairnException(
                    "%s:%d: expected a JSON object, found %s"
                            .formatted(file, line, Shown.of(record)));
        }
        records.add(new TaskRecord(file, line, records.size() + 1, doc));
    }

    private CairnException bad(int line, String more, JacksonException e) {
        return new CairnException(
                "%s:%d: not valid JSON: %s%s".formatted(file, line, e.getOriginalMessage(), more),
                e);
    }
}
