package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import dev.cairn.text.template.TemplateVariables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the field {@code chat_template_kwargs} of vLLM and llama.cpp: further variables of the chat
 * template.
 */
final class ChatTemplateKwargs {
    private static final String FIELD = "chat_template_kwargs";
    private static final String THINKING = "enable_thinking";

    /** What the request itself decides, under names that a template knows. */
    private static final Set<String> RESERVED =
            Set.of(
                    "add_generation_prompt",
                    "chat_template",
                    "continue_final_message",
                    "documents",
                    "messages",
                    "tokenize",
                    "tools");

    private ChatTemplateKwargs() {}

    // In the class file, a record's constructor does not show that the values may be null.
    @SuppressWarnings("NullAway")
    static TemplateVariables read(JsonFields fields) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        JsonFields given = fields.object(FIELD);
        if (given != null) {
            for (String name : given.names()) {
                JsonValue value = given.get(name);
                if (RESERVED.contains(name) && value != null) {
                    throw ApiException.badRequest(
                            value.path(),
                            value.path() + ": the server sets this variable itself; leave it out");
                }
                variables.put(name, value == null ? null : value(value.node()));
            }
            RESERVED.forEach(variables::remove);
        }
        if (fields.get("reasoning_effort") != null) {
            // Its only value that is not refused: none.
            variables.putIfAbsent(THINKING, false);
        }
        return new TemplateVariables(variables);
    }

    private static @Nullable Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    node.canConvertToLong() && node.isIntegralNumber()
                            ? (Object) node.longValue()
                            : (Object) node.doubleValue();
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                node.forEach(element -> list.add(value(element)));
                yield list;
            }
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                node.propertyStream().forEach(e -> map.put(e.getKey(), value(e.getValue())));
                yield map;
            }
            case NULL, MISSING, BINARY, POJO -> null;
        };
    }
}
