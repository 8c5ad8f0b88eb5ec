package dev.cairn.serve;

import dev.cairn.text.StageTrace;
import dev.cairn.text.TraceJson;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.TokenProbability;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer that is sent as it is written. */
final class StreamedReply implements Reply {
    private final Question question;
    private final AnswerFormat format;
    private final EventStream events;
    private final Head head;
    private final List<Sent> sent = new ArrayList<>();

    StreamedReply(Context ctx, Question question) {
        this.question = question;
        this.format = question.format();
        this.events = new EventStream(ctx);
        this.head = Head.of(question);
        question.prompts().forEach(prompt -> sent.add(new Sent()));
    }

    /** What of a choice was sent; one thread at a time writes a choice. */
    private static final class Sent {
        private final StringBuilder text = new StringBuilder();
        private int tokens;
        private boolean begun;
    }

    @Override
    public void started(String stage, String prompt) {
        if (question.trace()) {
            sendTrace("stage_started", Json.object("stage", stage, "prompt", prompt));
        }
    }

    @Override
    public void wrote(int index, String stage, String text, List<TokenProbability> tokens) {
        if (question.trace()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("stage", stage);
            json.put("text", text);
            json.put("tokens", tokens.stream().map(StreamedReply::token).toList());
            sendTrace("stage_text", json);
        }
        if (question.isAnsweredBy(stage)) {
            sendPiece(index, text, tokens);
        }
    }

    private static Map<String, @Nullable Object> token(TokenProbability token) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("text", token.text());
        json.put("logprob", token.logprob());
        return json;
    }

    @Override
    public void finished(StageTrace trace) {
        if (question.trace()) {
            sendTrace(
                    "stage_finished",
                    Json.object("stage", trace.stage(), "trace", TraceJson.stage(trace)));
        }
    }

    private void sendTrace(String event, Map<String, ?> more) {
        Map<String, @Nullable Object> cairn = new LinkedHashMap<>();
        cairn.put("event", event);
        cairn.putAll(more);
        Map<String, @Nullable Object> json = head.json(format.pieceObject(), List.of());
        json.put("cairn", cairn);
        events.send(json);
    }

    private void sendPiece(int index, String text, List<TokenProbability> tokens) {
        begin(index);
        Sent choice = sent.get(index);
        if (!text.isEmpty() || format.listsTokens() && !tokens.isEmpty()) {
            choice.text.append(text);
            choice.tokens += tokens.size();
            sendChoice(format.piece(index, text, tokens));
        }
    }

    private void begin(int index) {
        Sent choice = sent.get(index);
        if (!choice.begun) {
            choice.begun = true;
            format.first(index).ifPresent(this::sendChoice);
        }
    }

    private void sendChoice(Map<String, @Nullable Object> choice) {
        Map<String, @Nullable Object> json = head.json(format.pieceObject(), List.of(choice));
        if (question.includeUsage()) {
            json.put("usage", null);
        }
        events.send(json);
    }

    /** Sends what was not written but given, and the end. */
    @Override
    public void completed(int index, Completion completion) {
        Sent choice = sent.get(index);
        if (!completion.text().startsWith(choice.text.toString())) {
            throw new IllegalStateException("a model's answer is not what it wrote");
        }
        List<TokenProbability> tokens = completion.tokens();
        sendPiece(
                index,
                completion.text().substring(choice.text.length()),
                tokens.subList(Math.min(choice.tokens, tokens.size()), tokens.size()));
        sendChoice(format.last(index, completion.finishReason()));
    }

    @Override
    public void beat() {
        events.beat();
    }

    @Override
    public void done(List<Completion> completions, Optional<String> traceId) {
        if (question.includeUsage()) {
            Map<String, @Nullable Object> json = head.json(format.pieceObject(), List.of());
            json.put("usage", Usage.of(completions).json());
            events.send(json);
        }
        if (question.trace()) {
            Map<String, @Nullable Object> id = new LinkedHashMap<>();
            id.put("trace_id", traceId.orElse(null));
            sendTrace("done", id);
        }
        events.done();
    }

    @Override
    public boolean hasBegun() {
        return events.hasBegun();
    }

    @Override
    public void fail(Problem problem) {
        events.send(problem.json());
    }
}
