package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Rejects fields of OpenAI, vLLM and llama.cpp that this server does not support and that change
 * the prompt, the text, or the tokens that are shown, because ignoring them would give the client
 * something it did not ask for. Each field is accepted with the value that means it is unused.
 */
final class UnsupportedFields {
    private static final Predicate<JsonNode> NEVER = node -> false;
    private static final Predicate<JsonNode> ONE = node -> isNumber(node, 1);
    private static final Predicate<JsonNode> ZERO = node -> isNumber(node, 0);
    private static final Predicate<JsonNode> NOT_POSITIVE =
            node -> node.isNumber() && node.doubleValue() <= 0;
    private static final Predicate<JsonNode> EMPTY = node -> node.isContainer() && node.isEmpty();
    private static final Predicate<JsonNode> NO_TEXT = node -> isString(node, "");
    private static final Predicate<JsonNode> FALSE = node -> isBoolean(node, false);
    private static final Predicate<JsonNode> TRUE = node -> isBoolean(node, true);

    /** The unsupported fields of both kinds of requests, each with its accepted values. */
    private static final Map<String, Predicate<JsonNode>> COMMON =
            Map.ofEntries(
                    // How many texts, and how they are searched for.
                    Map.entry("n", ONE),
                    Map.entry("best_of", ONE),
                    Map.entry("use_beam_search", FALSE),
                    Map.entry("length_penalty", ONE),
                    Map.entry("early_stopping", FALSE),
                    // Which tokens are chosen.
                    Map.entry("logit_bias", UnsupportedFields::isNoBias),
                    Map.entry("allowed_token_ids", EMPTY),
                    Map.entry("bad_words", EMPTY),
                    Map.entry("logits_processors", EMPTY),
                    Map.entry("presence_penalty", ZERO),
                    Map.entry("frequency_penalty", ZERO),
                    Map.entry("repeat_penalty", ONE),
                    Map.entry("no_repeat_ngram_size", ZERO),
                    Map.entry("repetition_detection", EMPTY),
                    Map.entry("typical_p", ONE),
                    Map.entry("top_n_sigma", NOT_POSITIVE),
                    Map.entry("mirostat", ZERO),
                    Map.entry("dry_multiplier", ZERO),
                    Map.entry("xtc_probability", ZERO),
                    Map.entry("dynatemp_range", ZERO),
                    Map.entry("min_keep", ZERO),
                    Map.entry("samplers", EMPTY),
                    Map.entry("lora", EMPTY),
                    // How the text ends.
                    Map.entry("min_tokens", ZERO),
                    Map.entry("ignore_eos", FALSE),
                    Map.entry("n_predict", NEVER),
                    Map.entry("n_indent", ZERO),
                    Map.entry("t_max_predict_ms", NOT_POSITIVE),
                    // The prompt.
                    Map.entry("truncate_prompt_tokens", NEVER),
                    Map.entry("prompt_embeds", NEVER),
                    Map.entry("n_keep", NOT_POSITIVE),
                    Map.entry("image_data", EMPTY),
                    Map.entry("multimodal_data", EMPTY),
                    Map.entry("extra_body", EMPTY),
                    // The form of the text.
                    Map.entry("response_format", UnsupportedFields::isText),
                    Map.entry("json_schema", NEVER),
                    Map.entry("grammar", NO_TEXT),
                    Map.entry("structural_tag", NEVER),
                    Map.entry("guided_json", NEVER),
                    Map.entry("guided_regex", NEVER),
                    Map.entry("guided_choice", NEVER),
                    Map.entry("guided_grammar", NEVER),
                    Map.entry("guided_whitespace_pattern", NEVER),
                    Map.entry("structured_outputs", EMPTY),
                    // What is told about tokens.
                    Map.entry("prompt_logprobs", NEVER),
                    Map.entry("n_probs", ZERO),
                    Map.entry("post_sampling_probs", FALSE),
                    Map.entry("return_tokens_as_token_ids", FALSE),
                    Map.entry("return_token_ids", FALSE),
                    Map.entry("return_tokens", FALSE),
                    Map.entry("spaces_between_special_tokens", TRUE));

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
                    Map.entry("documents", EMPTY),
                    Map.entry("chat_template", NEVER),
                    Map.entry("add_generation_prompt", TRUE),
                    Map.entry("continue_final_message", FALSE),
                    Map.entry("add_special_tokens", FALSE),
                    Map.entry("echo", FALSE),
                    Map.entry("suffix", NO_TEXT),
                    Map.entry("modalities", UnsupportedFields::isTextOnly),
                    Map.entry("audio", NEVER),
                    Map.entry("prediction", NEVER),
                    Map.entry("verbosity", node -> isString(node, "medium")),
                    Map.entry("web_search_options", NEVER),
                    Map.entry("mm_processor_kwargs", EMPTY),
                    Map.entry("media_io_kwargs", EMPTY),
                    // Thinking, which only the chat template can switch.
                    Map.entry("reasoning_effort", node -> isString(node, "none")),
                    Map.entry("reasoning_format", node -> isString(node, "none")),
                    Map.entry("include_reasoning", TRUE),
                    Map.entry("thinking_forced_open", FALSE),
                    Map.entry("thinking_token_budget", NEVER),
                    Map.entry("thinking_budget_tokens", node -> isNumber(node, -1)),
                    Map.entry("reasoning_budget", node -> isNumber(node, -1)),
                    Map.entry("reasoning", EMPTY),
                    Map.entry("thinking", NEVER),
                    Map.entry("think", NEVER),
                    Map.entry("enable_thinking", NEVER));

    private static final Map<String, Predicate<JsonNode>> COMPLETION =
            Map.of(
                    "suffix", NO_TEXT,
                    "add_special_tokens", TRUE,
                    "chat_template_kwargs", EMPTY);

    private UnsupportedFields() {}

    static void refuseInChat(JsonFields fields) {
        refuse(fields, COMMON);
        refuse(fields, CHAT);
        refuseWindow(fields);
    }

    static void refuseInCompletion(JsonFields fields) {
        refuse(fields, COMMON);
        refuse(fields, COMPLETION);
        refuseWindow(fields);
    }

    private static void refuse(JsonFields fields, Map<String, Predicate<JsonNode>> table) {
        for (String name : table.keySet().stream().sorted().toList()) {
            JsonValue value = fields.get(name);
            if (value != null && !table.getOrDefault(name, NEVER).test(value.node())) {
                throw refusal(value);
            }
        }
    }

    private static ApiException refusal(JsonValue value) {
        return ApiException.badRequest(
                value.path(),
                "%s: not supported here, found %s; leave it out%s"
                        .formatted(
                                value.path(),
                                ErrorText.describe(value.node()),
                                instead(value.path())));
    }

    private static String instead(String field) {
        return switch (field) {
            case "enable_thinking", "think", "thinking", "reasoning" ->
                    ", or use chat_template_kwargs with the variable of the model's template, such as enable_thinking";
            case "n_predict" -> ", or use max_tokens";
            case "prompt_logprobs", "n_probs" -> ", or use logprobs, in a completion with echo";
            case "repeat_penalty" -> ", or use repetition_penalty";
            default -> "";
        };
    }

    /** llama.cpp's window of the repetition penalty, which here always has the whole text. */
    private static void refuseWindow(JsonFields fields) {
        JsonValue window = fields.get("repeat_last_n");
        JsonValue penalty = fields.get("repetition_penalty");
        boolean isPenalized = penalty != null && !isNumber(penalty.node(), 1);
        if (window != null && isPenalized && !isNumber(window.node(), -1)) {
            throw refusal(window);
        }
    }

    private static boolean isNumber(JsonNode node, int value) {
        return node.isNumber() && node.doubleValue() == value;
    }

    private static boolean isBoolean(JsonNode node, boolean value) {
        return node.isBoolean() && node.booleanValue() == value;
    }

    private static boolean isString(JsonNode node, String value) {
        return node.isString() && node.stringValue().equals(value);
    }

    private static boolean isNoBias(JsonNode bias) {
        return bias.isContainer() && bias.valueStream().allMatch(each -> isNumber(each, 0));
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
