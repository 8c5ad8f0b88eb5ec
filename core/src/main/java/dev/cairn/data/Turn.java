package dev.cairn.data;

import dev.cairn.records.DataRecord;
import dev.cairn.records.Excerpt;
import dev.cairn.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One turn of a conversation.
 *
 * @param learns whether it may be an answer to learn: it is the assistant's, and the record does
 *     not say otherwise
 */
record Turn(ChatMessage message, boolean learns) {
    static final String SYSTEM = "system";
    static final String USER = "user";
    static final String ASSISTANT = "assistant";

    /** The names that data sets use for the three roles. */
    private static final Map<String, String> ROLES =
            Map.of(
                    "system", SYSTEM,
                    "user", USER,
                    "human", USER,
                    "assistant", ASSISTANT,
                    "gpt", ASSISTANT,
                    "chatgpt", ASSISTANT,
                    "bing", ASSISTANT,
                    "bard", ASSISTANT);

    /** Fields that say with true or false whether a turn is learnt: axolotl's and ms-swift's. */
    private static final List<String> FLAGS = List.of("train", "training", "loss");

    /** How a data set names the two parts of a turn. */
    enum Form {
        /** {@code role} and {@code content}, as OpenAI has them. */
        MESSAGES("role", "content"),
        /** {@code from} and {@code value}, as ShareGPT has them. */
        SHAREGPT("from", "value");

        private final String speaker;
        private final String content;

        Form(String speaker, String content) {
            this.speaker = speaker;
            this.content = content;
        }
    }

    /**
     * The turns in a field of a record.
     *
     * @throws dev.cairn.CairnException naming file, line and field if one is not a turn, or
     *     contains what cannot be learnt
     */
    static List<Turn> all(DataRecord record, String list, Form form) {
        var turns = new ArrayList<Turn>();
        for (ObjectNode turn : record.objects(list)) {
            String at = "%s[%d].".formatted(list, turns.size());
            turns.add(new Reader(record, at, turn).turn(form));
        }
        return turns;
    }

    static Turn of(String role, String content) {
        return new Turn(new ChatMessage(role, content), role.equals(ASSISTANT));
    }

    boolean isBy(String role) {
        return message.role().equals(role);
    }

    /**
     * Reads one turn.
     *
     * @param at prefix of field names in errors
     */
    private record Reader(DataRecord record, String at, ObjectNode fields) {
        Turn turn(Form form) {
            String role = role(record.string(fields.path(form.speaker), at + form.speaker), form);
            refuseCalls();
            String content = text(fields.path(form.content), at + form.content);
            return new Turn(
                    new ChatMessage(role, content), role.equals(ASSISTANT) && isToBeLearnt());
        }

        private String role(String name, Form form) {
            String role = ROLES.get(name.toLowerCase(Locale.ROOT));
            if (role == null) {
                throw record.error(
                        "field '%s': unknown role '%s'; known are %s"
                                .formatted(
                                        at + form.speaker,
                                        Excerpt.of(name),
                                        ROLES.keySet().stream()
                                                .sorted()
                                                .collect(Collectors.joining(", "))));
            }
            return role;
        }

        private void refuseCalls() {
            for (String name : List.of("tool_calls", "function_call")) {
                if (!Context.isNothing(fields.path(name))) {
                    throw record.error(
                            "field '%s': Cairn learns texts, not calls of tools; leave the record out"
                                    .formatted(at + name));
                }
            }
        }

        private boolean isToBeLearnt() {
            if (!Context.isNothing(fields.path("train_detail"))) {
                throw record.error(
                        "field '%strain_detail': a turn is learnt as a whole or not at all; use train"
                                .formatted(at));
            }
            boolean learns = weight();
            for (String flag : FLAGS) {
                learns &= flag(flag);
            }
            return learns;
        }

        /** OpenAI's {@code weight} of an assistant's turn. */
        private boolean weight() {
            JsonNode weight = fields.path("weight");
            if (weight.isMissingNode() || weight.isNull()) {
                return true;
            }
            double value = weight.isNumber() ? weight.doubleValue() : Double.NaN;
            if (value != 0 && value != 1) {
                throw record.error(
                        "field '%sweight': expected 0 or 1, found %s"
                                .formatted(at, Excerpt.of(weight.toString())));
            }
            return value == 1;
        }

        private boolean flag(String name) {
            JsonNode flag = fields.path(name);
            if (flag.isMissingNode() || flag.isNull()) {
                return true;
            }
            if (!flag.isBoolean()) {
                throw record.error(
                        "field '%s': expected true or false, found %s"
                                .formatted(at + name, Excerpt.of(flag.toString())));
            }
            return flag.booleanValue();
        }

        /** A text, or a list of parts that are all texts. */
        private String text(JsonNode value, String field) {
            if (!value.isArray()) {
                return record.string(value, field);
            }
            var parts = new ArrayList<String>();
            for (JsonNode part : value) {
                String where = "%s[%d].".formatted(field, parts.size());
                String type = record.string(part.path("type"), where + "type");
                if (!type.equals("text")) {
                    throw record.error(
                            "field '%stype': expected text, found '%s'; Cairn reads only text"
                                    .formatted(where, Excerpt.of(type)));
                }
                parts.add(record.string(part.path("text"), where + "text"));
            }
            return String.join("\n", parts);
        }
    }
}
