package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import dev.cairn.server.http.ErrorResponses;
import dev.cairn.server.openai.BufferedResponse;
import dev.cairn.server.openai.CompletionResponse;
import dev.cairn.server.openai.ParsedRequest;
import dev.cairn.server.openai.PromptText;
import dev.cairn.server.openai.StreamingResponse;
import dev.cairn.server.openai.TokenUsage;
import dev.cairn.server.trace.TraceRecord;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.text.StageTrace;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionWatcher;
import dev.cairn.text.completion.TokenProbability;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has questions answered: waits for a place, asks the model, and tells the client. */
record CompletionHandler(
        ServerLimits limits,
        RequestQueue turnstile,
        GracefulShutdown closing,
        TraceRecorder traces,
        Metrics metrics,
        RequestLog log,
        ErrorResponses failures) {

    void answer(Context ctx, ParsedRequest question) {
        new Turn(ctx, question).run();
    }

    /** One request's turn. */
    private final class Turn {
        private final ParsedRequest question;
        private final RequestStats told;
        private final RequestContext call;
        private final CompletionResponse reply;
        private final AtomicBoolean wroteFirst = new AtomicBoolean();
        private final PromptBatch<Kept> batch;

        Turn(Context ctx, ParsedRequest question) {
            this.question = question;
            this.told = RequestStats.of(ctx);
            this.call = RequestContext.of(ctx, limits.timeout(), closing);
            this.reply =
                    question.stream()
                            ? new StreamingResponse(ctx, question)
                            : new BufferedResponse(ctx, question);
            this.batch = new PromptBatch<>(question.prompts().size(), this::complete);
        }

        /** A failure before anything was sent is left to those who know statuses. */
        void run() {
            try {
                ask();
            } catch (RuntimeException | Error e) {
                if (reply.hasBegun()) {
                    failLate(e);
                } else if (e instanceof ClientDisconnected gone) {
                    throw gone;
                } else {
                    throw failures.problem(e);
                }
            }
        }

        private void ask() {
            try (RequestQueue.Place place = turnstile.enter(this::lookAround)) {
                List<Kept> kept = batch.run(turnstile);
                List<Completion> completions = kept.stream().map(Kept::completion).toList();
                TokenUsage usage = TokenUsage.of(completions);
                told.usage(usage);
                metrics.tokens(question.model().card().id(), usage);
                reply.done(completions, kept.getFirst().traceId());
            }
        }

        private void failLate(Throwable e) {
            if (e instanceof ClientDisconnected) {
                told.failedWith(ErrorResponses.CLIENT_CLOSED_REQUEST);
                return;
            }
            ApiException problem = failures.problem(e);
            told.failedWith(problem.status());
            try {
                reply.fail(problem);
            } catch (ClientDisconnected gone) {
                told.failedWith(ErrorResponses.CLIENT_CLOSED_REQUEST);
            }
        }

        private void lookAround() {
            call.check();
            reply.beat();
        }

        private Kept complete(int index) {
            Instant started = Instant.now();
            long nanos = System.nanoTime();
            CompletionRequest prompt = question.prompts().get(index);
            Completion completion = question.model().complete(prompt, new Watch(index));
            reply.completed(index, completion);
            double millis = (System.nanoTime() - nanos) / 1e6;
            return keep(prompt, completion, started, millis);
        }

        private Kept keep(
                CompletionRequest prompt, Completion completion, Instant started, double millis) {
            String input = PromptText.of(prompt.input(), question.model());
            log.answer(input, completion.text());
            TraceRecord recorded =
                    new TraceRecord(
                            question.model().card().id(),
                            started,
                            millis,
                            input,
                            prompt.given(),
                            completion.text(),
                            completion.finishReason(),
                            completion.stages());
            return new Kept(completion, traces.add(recorded));
        }

        private final class Watch implements CompletionWatcher {
            private final int index;

            Watch(int index) {
                this.index = index;
            }

            @Override
            public void started(String stage, String prompt) {
                reply.started(stage, prompt);
            }

            @Override
            public void wrote(String stage, String text, List<TokenProbability> tokens) {
                if (question.isAnsweredBy(stage)
                        && !(text.isEmpty() && tokens.isEmpty())
                        && wroteFirst.compareAndSet(false, true)) {
                    Duration taken = call.taken();
                    metrics.firstToken(question.model().card().id(), taken);
                }
                reply.wrote(index, stage, text, tokens);
            }

            @Override
            public void finished(StageTrace trace) {
                reply.finished(trace);
            }

            @Override
            public void check() {
                if (batch.hasFailed()) {
                    throw new ClientDisconnected();
                }
                lookAround();
            }
        }
    }

    /** An answer, and under which id its trace is kept. */
    private record Kept(Completion completion, Optional<String> traceId) {}
}
