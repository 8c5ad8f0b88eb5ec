package dev.cairn.remote;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A server's model as an {@link Answerer}: one request per answer, one stage in the answer.
 *
 * @param sampling the sampling parameters sent to the server
 * @param ask sends a text and returns the reply
 */
record RemoteAnswerer(RemoteSettings settings, SamplingParams sampling, Function<String, Reply> ask)
        implements Answerer {
    @Override
    public Answer answer(String input, Consumer<String> onText) {
        long start = System.nanoTime();
        Reply reply = ask.apply(input);
        double millis = (System.nanoTime() - start) / 1e6;
        onText.accept(reply.text());
        return new Answer(reply.text(), List.of(trace(input, reply, millis)));
    }

    private StageTrace trace(String input, Reply reply, double millis) {
        return new StageTrace(
                new StageTrace.Identity(
                        "",
                        settings.model(),
                        reply.model().isEmpty() ? settings.model() : reply.model(),
                        "none"),
                input,
                reply.text(),
                reply.finishReason(),
                new StageTrace.Tokens(
                        reply.promptTokens(), 0, reply.completionTokens(), List.of(), List.of()),
                new StageTrace.Timing(0, millis),
                sampling);
    }
}
