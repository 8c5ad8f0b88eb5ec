package dev.cairn.server.openai;

import dev.cairn.server.http.RequestBody;
import dev.cairn.text.TraceJson;
import dev.cairn.text.completion.Completion;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer that is sent when it is whole. */
public record BufferedResponse(Context ctx, ParsedRequest question) implements CompletionResponse {
    @Override
    public void done(List<Completion> completions, Optional<String> traceId) {
        WireFormat format = question.format();
        List<Map<String, @Nullable Object>> choices = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            choices.add(format.whole(i, completions.get(i)));
        }
        Map<String, @Nullable Object> json = ChunkHeader.of(question).json(format.wholeObject(), choices);
        json.put("usage", TokenUsage.of(completions).json());
        if (question.trace()) {
            json.put("cairn", trace(completions.getFirst(), traceId));
        }
        RequestBody.write(ctx, 200, json);
    }

    private static Map<String, @Nullable Object> trace(
            Completion completion, Optional<String> traceId) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("trace_id", traceId.orElse(null));
        json.put("stages", completion.stages().stream().map(TraceJson::stage).toList());
        return json;
    }
}
