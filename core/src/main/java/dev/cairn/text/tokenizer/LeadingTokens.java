package dev.cairn.text.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The special tokens that a tokenizer puts before a text, as its {@code post_processor} says. Those
 * that it puts behind a text are left out: whatever Cairn reads goes on.
 */
final class LeadingTokens {
    private LeadingTokens() {}

    /** The token ids in the order in which they are read; empty if there are none. */
    static int[] of(JsonNode postProcessor) {
        return ids(postProcessor).stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Integer> ids(JsonNode postProcessor) {
        return switch (postProcessor.path("type").asString("")) {
            case "TemplateProcessing" -> beforeTheText(postProcessor);
            case "BertProcessing", "RobertaProcessing" ->
                    List.of(postProcessor.path("cls").path(1).asInt());
            case "Sequence" -> outermostFirst(postProcessor.path("processors"));
            // ByteLevel changes offsets only.
            default -> List.of();
        };
    }

    /** The tokens of the template for a single text, up to the text itself. */
    private static List<Integer> beforeTheText(JsonNode template) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode piece : template.path("single")) {
            if (piece.has("Sequence")) {
                return ids;
            }
            String name = piece.path("SpecialToken").path("id").asString("");
            for (JsonNode id : template.path("special_tokens").path(name).path("ids")) {
                ids.add(id.asInt());
            }
        }
        return List.of();
    }

    /** Each processor wraps what those before it have made. */
    private static List<Integer> outermostFirst(JsonNode processors) {
        List<JsonNode> all = new ArrayList<>();
        processors.forEach(all::add);
        Collections.reverse(all);
        return all.stream().flatMap(one -> ids(one).stream()).toList();
    }
}
