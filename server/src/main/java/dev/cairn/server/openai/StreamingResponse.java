package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.EventStream;
import dev.cairn.server.http.JsonCodec;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.TraceJson;
import dev.cairn.text.completion.Completion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A response that is sent as server-sent events while it is generated. */
final class StreamingResponse implements CompletionResponse {
    private final ParsedRequest request;
    private final WireFormat format;
    private final EventStream events;
    private final ChunkHeader header;
    private final List<SentChoice> choices = new ArrayList<>();

    StreamingResponse(EventStream events, ParsedRequest request) {
        this.events = events;
        this.request = request;
        this.format = request.format();
        this.header = ChunkHeader.of(request);
        request.prompts().forEach(prompt -> choices.add(new SentChoice()));
    }

    /** What has been sent of a choice; one thread at a time generates a choice. */
    private static final class SentChoice {
        private final StringBuilder text = new StringBuilder();
        private int tokens;
        private boolean hasStarted;
    }

    @Override
    public void stageStarted(String stage, String prompt) {
        if (request.trace()) {
            sendTrace("stage_started", JsonCodec.object("stage", stage, "prompt", prompt));
        }
    }

    @Override
    public void generated(int choice, String stage, String text, List<TokenProbability> tokens) {
        if (request.trace()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("stage", stage);
            json.put("text", text);
            json.put("tokens", tokens.stream().map(StreamingResponse::token).toList());
            sendTrace("stage_text", json);
        }
        if (request.isFinalStage(stage)) {
            sendTokens(choice, text, tokens);
        }
    }

    private static Map<String, @Nullable Object> token(TokenProbability token) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("text", token.text());
        json.put("logprob", token.logprob());
        return json;
    }

    @Override
    public void stageFinished(StageTrace trace) {
        if (request.trace()) {
            sendTrace(
                    "stage_finished",
                    JsonCodec.object("stage", trace.stage(), "trace", TraceJson.stage(trace)));
        }
    }

    private void sendTrace(String event, Map<String, ?> fields) {
        Map<String, @Nullable Object> cairn = new LinkedHashMap<>();
        cairn.put("event", event);
        cairn.putAll(fields);
        Map<String, @Nullable Object> json = header.json(format.chunkObject(), List.of());
        json.put("cairn", cairn);
        events.send(json);
    }

    private void sendTokens(int index, String text, List<TokenProbability> tokens) {
        SentChoice choice = choices.get(index);
        if (!choice.hasStarted) {
            choice.hasStarted = true;
            format.firstChunk(index).ifPresent(this::sendChoice);
        }
        if (!text.isEmpty() || format.listsTokens() && !tokens.isEmpty()) {
            choice.text.append(text);
            choice.tokens += tokens.size();
            sendChoice(format.chunk(index, text, tokens));
        }
    }

    private void sendChoice(Map<String, @Nullable Object> choice) {
        Map<String, @Nullable Object> json = header.json(format.chunkObject(), List.of(choice));
        if (request.includeUsage()) {
            json.put("usage", null);
        }
        events.send(json);
    }

    /** Sends the text that was set rather than generated, and ends the choice. */
    @Override
    public void choiceFinished(int index, Completion completion) {
        SentChoice choice = choices.get(index);
        if (!completion.text().startsWith(choice.text.toString())) {
            throw new IllegalStateException("a completion differs from what was streamed of it");
        }
        List<TokenProbability> tokens = completion.tokens();
        sendTokens(
                index,
                completion.text().substring(choice.text.length()),
                tokens.subList(Math.min(choice.tokens, tokens.size()), tokens.size()));
        sendChoice(format.lastChunk(index, completion.finishReason()));
    }

    @Override
    public void keepAlive() {
        events.keepAlive();
    }

    @Override
    public void finish(List<Completion> completions, Optional<String> traceId) {
        if (request.includeUsage()) {
            Map<String, @Nullable Object> json = header.json(format.chunkObject(), List.of());
            json.put("usage", TokenUsage.of(completions).json());
            events.send(json);
        }
        if (request.trace()) {
            Map<String, @Nullable Object> id = new LinkedHashMap<>();
            id.put("trace_id", traceId.orElse(null));
            sendTrace("done", id);
        }
        events.done();
    }

    @Override
    public boolean hasStarted() {
        return events.hasStarted();
    }

    @Override
    public void sendError(ApiException error) {
        events.send(error.json());
    }
}
