package dev.cairn.server.openai;

import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ServedModel;
import java.util.List;

/**
 * A request for completions, read and checked.
 *
 * @param prompts the prompts, one for each choice
 * @param stream whether the completion is sent as it is generated
 * @param includeUsage whether a stream ends with the token usage
 * @param trace whether the response shows every stage's prompt and output
 */
public record ParsedRequest(
        ServedModel model,
        List<CompletionRequest> prompts,
        boolean stream,
        boolean includeUsage,
        boolean trace,
        WireFormat format) {
    public ParsedRequest {
        prompts = List.copyOf(prompts);
    }

    public String modelId() {
        return model.card().id();
    }

    /** Whether a stage writes the completion itself, not an intermediate text. */
    public boolean isFinalStage(String stage) {
        List<String> stages = model.card().stages();
        return stages.isEmpty() || stages.getLast().equals(stage);
    }

    static boolean includeUsage(JsonFields fields) {
        JsonFields options = fields.object("stream_options");
        return options != null && options.bool("include_usage");
    }
}
