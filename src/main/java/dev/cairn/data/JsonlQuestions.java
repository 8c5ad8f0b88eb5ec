package dev.cairn.data;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions as JSON lines. */
final class JsonlQuestions {
    private static final Set<String> FIELDS = Set.of("id", "kind", "input", "answer", "stages");
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final int line;

    private JsonlQuestions(Path file, int line) {
        this.file = file;
        this.line = line;
    }

    static List<Question> parse(Path file, List<String> lines) {
        var questions = new ArrayList<Question>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                questions.add(new JsonlQuestions(file, i + 1).question(lines.get(i)));
            }
        }
        return questions;
    }

    /** One line, without a line break. */
    static String format(Question question) {
        var record = new LinkedHashMap<String, Object>();
        record.put("id", question.id());
        record.put("kind", question.kind());
        record.put("input", question.input());
        record.put("answer", question.answer());
        record.put("stages", question.stages());
        return JSON.writeValueAsString(record);
    }

    private Question question(String text) {
        JsonNode record = record(text);
        for (String name : record.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw bad(
                        "unknown field '%s'; known are id, kind, input, answer, stages"
                                .formatted(name));
            }
        }
        String fallbackId = "%s-%06d".formatted(Names.stem(file), line);
        return new Question(
                record.has("id") ? text(record, "id") : fallbackId,
                record.has("kind") ? text(record, "kind") : "question",
                text(record, "input"),
                text(record, "answer"),
                stages(record));
    }

    private JsonNode record(String text) {
        JsonNode record;
        try {
            record = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new CairnException(where() + "not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!record.isObject()) {
            throw bad("expected a JSON object, found '%s'".formatted(QuestionSet.excerpt(text)));
        }
        return record;
    }

    private Map<String, String> stages(JsonNode record) {
        var stages = new LinkedHashMap<String, String>();
        if (!record.has("stages")) {
            return stages;
        }
        JsonNode node = record.get("stages");
        if (!node.isObject()) {
            throw bad("field 'stages' must be an object of texts, found " + node.getNodeType());
        }
        for (String name : node.propertyNames()) {
            stages.put(name, string(node.get(name), "stages." + name));
        }
        return stages;
    }

    private String text(JsonNode record, String field) {
        if (!record.has(field)) {
            throw bad("missing field '%s'".formatted(field));
        }
        String text = string(record.get(field), field);
        if (text.isBlank()) {
            throw bad("field '%s' is empty".formatted(field));
        }
        return text;
    }

    private String string(JsonNode value, String field) {
        if (!value.isString()) {
            throw bad("field '%s' must be a text, found %s".formatted(field, value.getNodeType()));
        }
        return value.stringValue();
    }

    private CairnException bad(String what) {
        return new CairnException(where() + what);
    }

    private String where() {
        return file + ":" + line + ": ";
    }
}
