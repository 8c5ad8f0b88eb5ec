package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Rejects fields that this server does not support, because ignoring them would give the client
 * something it did not ask for. Each field is accepted with the value that means it is unused.
 */
final class UnsupportedFields {
    private static final Predicate<JsonNode> NEVER = node -> false;
    private static final Predicate<JsonNode> ONE = node -> isNumber(node, 1);
    private static final Predicate<JsonNode> ZERO = node -> isNumber(node, 0);
    private static final Predicate<JsonNode> EMPTY = node -> node.isContainer() && node.isEmpty();
    private static final Predicate<JsonNode> FALSE = node -> node.isBoolean() && !node.asBoolean();

    /** The unsupported fields of both kinds of requests, each with its accepted values. */
    private static final Map<String, Predicate<JsonNode>> COMMON =
            Map.ofEntries(
                    Map.entry("n", ONE),
                    Map.entry("best_of", ONE),
                    Map.entry("logit_bias", EMPTY),
                    Map.entry("presence_penalty", ZERO),
                    Map.entry("frequency_penalty", ZERO),
                    Map.entry("min_tokens", ZERO),
                    Map.entry("ignore_eos", FALSE),
                    Map.entry("use_beam_search", FALSE),
                    Map.entry("length_penalty", ONE),
                    Map.entry("typical_p", ONE),
                    Map.entry("mirostat", ZERO),
                    Map.entry("repeat_penalty", ONE),
                    Map.entry("response_format", UnsupportedFields::isText),
                    Map.entry("json_schema", NEVER),
                    Map.entry("grammar", node -> isString(node, "")),
                    Map.entry("guided_json", NEVER),
                    Map.entry("guided_regex", NEVER),
                    Map.entry("guided_choice", NEVER),
                    Map.entry("guided_grammar", NEVER),
                    Map.entry("structured_outputs", NEVER));

    private static final Map<String, Predicate<JsonNode>> CHAT =
            Map.ofEntries(
                    Map.entry("tools", EMPTY),
                    Map.entry("functions", EMPTY),
                    Map.entry(
                            "tool_choice",
                            node -> isString(node, "none") || isString(node, "auto")),
                    Map.entry(
                            "function_call",
                            node -> isString(node, "none") || isString(node, "auto")),
                    Map.entry("modalities", UnsupportedFields::isTextOnly),
                    Map.entry("audio", NEVER),
                    Map.entry("prediction", NEVER),
                    Map.entry("reasoning_effort", node -> isString(node, "none")),
                    Map.entry("web_search_options", NEVER));

    private static final Map<String, Predicate<JsonNode>> COMPLETION =
            Map.of("suffix", node -> isString(node, ""));

    private UnsupportedFields() {}

    static void refuseInChat(JsonFields fields) {
        refuse(fields, COMMON);
        refuse(fields, CHAT);
    }

    static void refuseInCompletion(JsonFields fields) {
        refuse(fields, COMMON);
        refuse(fields, COMPLETION);
    }

    private static void refuse(JsonFields fields, Map<String, Predicate<JsonNode>> table) {
        for (String name : table.keySet().stream().sorted().toList()) {
            JsonValue value = fields.get(name);
            if (value != null && !table.getOrDefault(name, NEVER).test(value.node())) {
                throw ApiException.badRequest(
                        name,
                        "%s: not supported here, found %s; leave it out"
                                .formatted(name, ErrorText.describe(value.node())));
            }
        }
    }

    private static boolean isNumber(JsonNode node, int value) {
        return node.isNumber() && node.doubleValue() == value;
    }

    private static boolean isString(JsonNode node, String value) {
        return node.isString() && node.stringValue().equals(value);
    }

    private static boolean isText(JsonNode format) {
        JsonNode type = format.get("type");
        return type != null && isString(type, "text");
    }

    private static boolean isTextOnly(JsonNode modalities) {
        return modalities.isArray()
                && modalities.size() == 1
                && isString(modalities.get(0), "text");
    }
}
