package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import dev.cairn.server.http.ErrorResponses;
import dev.cairn.server.openai.CompletionResponse;
import dev.cairn.server.openai.ParsedRequest;
import dev.cairn.server.openai.PromptText;
import dev.cairn.server.openai.TokenUsage;
import dev.cairn.server.trace.TraceRecord;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Processes requests for completions: waits for a slot, asks the model, and responds.
 *
 * @param nanoTime a clock like {@link System#nanoTime}
 */
record CompletionHandler(
        Duration timeout,
        LongSupplier nanoTime,
        RequestQueue queue,
        GracefulShutdown shutdown,
        TraceRecorder traces,
        Metrics metrics,
        RequestLog log,
        ErrorResponses errors) {

    void handle(Context ctx, ParsedRequest request) {
        new Execution(ctx, request).run();
    }

    /** The processing of one request. */
    private final class Execution {
        private final ParsedRequest request;
        private final RequestStats stats;
        private final RequestContext context;
        private final CompletionResponse response;
        private final AtomicBoolean hasFirstToken = new AtomicBoolean();

        Execution(Context ctx, ParsedRequest request) {
            this.request = request;
            this.stats = RequestStats.of(ctx);
            this.context = RequestContext.of(ctx, shutdown, timeout, nanoTime);
            this.response = CompletionResponse.of(ctx, request, nanoTime);
        }

        void run() {
            try (RequestQueue.Slot slot = queue.enter(this::check)) {
                complete();
            } catch (ClientDisconnected e) {
                stats.lateStatus(ErrorResponses.CLIENT_CLOSED_REQUEST);
                if (!response.hasStarted()) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                ApiException error = errors.toApiException(e);
                if (!response.hasStarted()) {
                    throw error;
                }
                sendLate(error);
            }
        }

        private void complete() {
            List<Choice> choices =
                    new PromptBatch<>(request.prompts().size(), context, this::complete).run(queue);
            List<Completion> completions = choices.stream().map(Choice::completion).toList();
            TokenUsage usage = TokenUsage.of(completions);
            stats.usage(usage);
            metrics.tokens(request.modelId(), usage);
            response.finish(completions, choices.getFirst().traceId());
        }

        /** Sends an error in the middle of a stream, after the status has been sent. */
        private void sendLate(ApiException error) {
            stats.lateStatus(error.status());
            try {
                response.sendError(error);
            } catch (ClientDisconnected e) {
                stats.lateStatus(ErrorResponses.CLIENT_CLOSED_REQUEST);
            }
        }

        private void check() {
            context.check();
            response.keepAlive();
        }

        private Choice complete(int index) {
            Instant started = Instant.now();
            long nanos = System.nanoTime();
            CompletionRequest prompt = request.prompts().get(index);
            Completion completion =
                    request.model().complete(prompt, new Watcher(index), this::check);
            response.choiceFinished(index, completion);
            double millis = (System.nanoTime() - nanos) / 1e6;
            return new Choice(completion, record(prompt, completion, started, millis));
        }

        private Optional<String> record(
                CompletionRequest prompt, Completion completion, Instant started, double millis) {
            String input = PromptText.of(prompt.input(), request.model());
            log.completion(input, completion.text());
            return traces.add(
                    new TraceRecord(
                            request.modelId(),
                            started,
                            millis,
                            input,
                            prompt.given(),
                            completion.text(),
                            completion.finishReason(),
                            completion.stages()));
        }

        /**
         * Passes on the progress of one choice, and ends its generation when the request must stop.
         */
        private final class Watcher implements StageListener {
            private final int index;

            Watcher(int index) {
                this.index = index;
            }

            @Override
            public void started(String stage, String prompt) {
                response.stageStarted(stage, prompt);
            }

            @Override
            public void wrote(String stage, String text, List<TokenProbability> tokens) {
                if (request.isFinalStage(stage)
                        && !(text.isEmpty() && tokens.isEmpty())
                        && hasFirstToken.compareAndSet(false, true)) {
                    metrics.firstToken(request.modelId(), context.elapsed());
                }
                response.generated(index, stage, text, tokens);
            }

            @Override
            public void finished(StageTrace trace) {
                response.stageFinished(trace);
            }
        }
    }

    /** A completion, and the id of its trace if that was stored. */
    private record Choice(Completion completion, Optional<String> traceId) {}
}
