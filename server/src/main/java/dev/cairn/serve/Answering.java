package dev.cairn.serve;

import dev.cairn.serve.trace.Recorded;
import dev.cairn.serve.trace.Traces;
import dev.cairn.text.StageTrace;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has questions answered: waits for a place, asks the model, and tells the client. */
record Answering(
        Limits limits,
        Turnstile turnstile,
        Closing closing,
        Traces traces,
        Metrics metrics,
        RequestLog log,
        Failures failures) {

    void answer(Context ctx, Question question) {
        new Turn(ctx, question).run();
    }

    /** One request's turn. */
    private final class Turn {
        private final Question question;
        private final Told told;
        private final Call call;
        private final Reply reply;
        private final AtomicBoolean wroteFirst = new AtomicBoolean();
        private final Batch<Kept> batch;

        Turn(Context ctx, Question question) {
            this.question = question;
            this.told = Told.of(ctx);
            this.call = Call.of(ctx, limits.timeout(), closing);
            this.reply =
                    question.stream()
                            ? new StreamedReply(ctx, question)
                            : new WholeReply(ctx, question);
            this.batch = new Batch<>(question.prompts().size(), this::complete);
        }

        /** A failure before anything was sent is left to those who know statuses. */
        void run() {
            try {
                ask();
            } catch (RuntimeException | Error e) {
                if (reply.hasBegun()) {
                    failLate(e);
                } else if (e instanceof Gone gone) {
                    throw gone;
                } else {
                    throw failures.problem(e);
                }
            }
        }

        private void ask() {
            try (Turnstile.Place place = turnstile.enter(this::lookAround)) {
                List<Kept> kept = batch.run(turnstile);
                List<Completion> completions = kept.stream().map(Kept::completion).toList();
                Usage usage = Usage.of(completions);
                told.usage(usage);
                metrics.tokens(question.model().card().id(), usage);
                reply.done(completions, kept.getFirst().traceId());
            }
        }

        private void failLate(Throwable e) {
            if (e instanceof Gone) {
                told.failedWith(Failures.CLIENT_CLOSED_REQUEST);
                return;
            }
            Problem problem = failures.problem(e);
            told.failedWith(problem.status());
            try {
                reply.fail(problem);
            } catch (Gone gone) {
                told.failedWith(Failures.CLIENT_CLOSED_REQUEST);
            }
        }

        private void checkWanted() {
            if (batch.hasFailed()) {
                throw new Gone();
            }
            lookAround();
        }

        private void lookAround() {
            call.check();
            reply.beat();
        }

        private Kept complete(int index) {
            Instant started = Instant.now();
            long nanos = System.nanoTime();
            CompletionRequest prompt = question.prompts().get(index);
            Completion completion = question.model().complete(prompt, new Watch(index), this::checkWanted);
            reply.completed(index, completion);
            double millis = (System.nanoTime() - nanos) / 1e6;
            return keep(prompt, completion, started, millis);
        }

        private Kept keep(
                CompletionRequest prompt, Completion completion, Instant started, double millis) {
            String input = PromptText.of(prompt.input(), question.model());
            log.answer(input, completion.text());
            Recorded recorded =
                    new Recorded(
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

        private final class Watch implements StageListener {
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
        }
    }

    /** An answer, and under which id its trace is kept. */
    private record Kept(Completion completion, Optional<String> traceId) {}
}
