package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonResponse;
import dev.cairn.text.TraceJson;
import dev.cairn.text.completion.Completion;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A response that is sent in one piece at the end. */
record BufferedResponse(Context ctx, ParsedRequest request) implements CompletionResponse {
    @Override
    public void finish(List<Completion> completions, Optional<String> traceId) {
        WireFormat format = request.format();
        List<Map<String, @Nullable Object>> choices = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            choices.add(format.choice(i, completions.get(i)));
        }
        Map<String, @Nullable Object> json = ChunkHeader.of(request).json(format.object(), choices);
        json.put("usage", TokenUsage.of(completions).json());
        if (request.trace()) {
            json.put("cairn", trace(completions.getFirst(), traceId));
        }
        JsonResponse.send(ctx, 200, json);
    }

    private static Map<String, @Nullable Object> trace(
            Completion completion, Optional<String> traceId) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("trace_id", traceId.orElse(null));
        json.put("stages", completion.stages().stream().map(TraceJson::stage).toList());
        return json;
    }

    @Override
    public boolean hasStarted() {
        return false;
    }

    @Override
    public void sendError(ApiException error) {
        throw new IllegalStateException("the error must be sent with its own status", error);
    }
}
