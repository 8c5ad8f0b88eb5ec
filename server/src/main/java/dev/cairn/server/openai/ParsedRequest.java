package dev.cairn.server.openai;

import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ServedModel;
import java.util.List;

/**
 * A request once it is read and found good.
 *
 * @param prompts what is asked of the model: one, or the prompts of a batch
 * @param stream whether the answer is sent piece by piece
 * @param includeUsage whether a stream says at its end how many tokens it took
 * @param trace whether the answer says what every stage was asked and said
 * @param format how the answer is put
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

    /** Whether what a stage writes is the answer, not on the way to it. */
    public boolean isAnsweredBy(String stage) {
        List<String> stages = model.card().stages();
        return stages.isEmpty() || stages.getLast().equals(stage);
    }

    static boolean includeUsage(JsonFields fields) {
        JsonFields options = fields.object("stream_options");
        return options != null && options.flag("include_usage");
    }
}
