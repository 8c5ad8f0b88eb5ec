package dev.cairn.data;

import dev.cairn.records.DataRecord;
import dev.cairn.records.Excerpt;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTranscript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Reads records of conversations. The assistant's last turn is the answer, and what comes before it
 * is the input: only the user's text if there is nothing else, otherwise all turns, each with the
 * name of its role. What comes after the answer is dropped.
 */
final class Conversation {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    /** The names that data sets use for the three roles. */
    private static final Map<String, String> ROLES =
            Map.of(
                    "system", "system",
                    "user", USER,
                    "human", USER,
                    "assistant", ASSISTANT,
                    "gpt", ASSISTANT,
                    "chatgpt", ASSISTANT,
                    "bing", ASSISTANT,
                    "bard", ASSISTANT);

    private final DataRecord record;
    private final String list;
    private final String speaker;
    private final String content;

    private Conversation(DataRecord record, String list, String speaker, String content) {
        this.record = record;
        this.list = list;
        this.speaker = speaker;
        this.content = content;
    }

    /** Turns with {@code from} and {@code value}. */
    static Question shareGpt(DataRecord record) {
        return new Conversation(record, "conversations", "from", "value").question("sharegpt");
    }

    /** Turns with {@code role} and {@code content}. */
    static Question messages(DataRecord record) {
        return new Conversation(record, "messages", "role", "content").question("messages");
    }

    private Question question(String kind) {
        List<ChatMessage> turns = turns();
        int answer = turns.size() - 1;
        while (answer >= 0 && !turns.get(answer).role().equals(ASSISTANT)) {
            answer--;
        }
        List<ChatMessage> before = turns.subList(0, Math.max(answer, 0));
        if (before.stream().noneMatch(t -> t.role().equals(USER) && !t.content().isBlank())) {
            throw record.error(
                    "field '%s': expected a turn of the user followed by one of the assistant"
                            .formatted(list));
        }
        return new Question(
                record.id(),
                RecordKind.questionKind(record, kind),
                ChatTranscript.input(before),
                turns.get(answer).content(),
                Map.of());
    }

    private List<ChatMessage> turns() {
        var turns = new ArrayList<ChatMessage>();
        for (JsonNode turn : record.objects(list)) {
            String at = "%s[%d].".formatted(list, turns.size());
            turns.add(
                    new ChatMessage(
                            role(record.string(turn.path(speaker), at + speaker), at + speaker),
                            text(turn.path(content), at + content)));
        }
        return turns;
    }

    private String role(String name, String field) {
        String role = ROLES.get(name.toLowerCase(Locale.ROOT));
        if (role == null) {
            throw record.error(
                    "field '%s': unknown role '%s'; known are %s"
                            .formatted(
                                    field,
                                    Excerpt.of(name),
                                    ROLES.keySet().stream()
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        return role;
    }

    /** A text, or a list of parts that are all texts. */
    private String text(JsonNode value, String field) {
        if (!value.isArray()) {
            return record.string(value, field);
        }
        var parts = new ArrayList<String>();
        for (JsonNode part : value) {
            String at = "%s[%d].".formatted(field, parts.size());
            String type = record.string(part.path("type"), at + "type");
            if (!type.equals("text")) {
                throw record.error(
                        "field '%stype': expected text, found '%s'; Cairn reads only text"
                                .formatted(at, Excerpt.of(type)));
            }
            parts.add(record.string(part.path("text"), at + "text"));
        }
        return String.join("\n", parts);
    }
}
