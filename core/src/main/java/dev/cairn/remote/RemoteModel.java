package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answerer;

/**
 * A model behind an OpenAI-compatible address: one chat completion per answer. What may pass is
 * tried again ({@link RemoteSettings#maxRetries}), after as long as the server asks for in {@code
 * Retry-After}, else after half a second, one, two ... at most eight.
 */
public final class RemoteModel implements AutoCloseable {
    private final Endpoint endpoint;

    RemoteModel(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Prepares to ask; nothing is sent before the first question. */
    public static RemoteModel open(RemoteSettings settings) {
        return new RemoteModel(Endpoint.chatCompletions(settings, Thread::sleep));
    }

    /**
     * Answers with one seed; safe for several threads at once, which wait for their own answers
     * only. An answer has one stage, named after the model; its base is the model the server says
     * it used; {@code decodeMillis} is the time from the question to the whole answer, retries
     * included; token counts are 0 where the server does not give them. An empty text is an answer;
     * when there is no answer at all, {@code answer} throws a {@link CairnException}.
     */
    public Answerer asking(long seed) {
        RemoteSettings settings = endpoint.settings();
        return new RemoteAnswerer(
                settings,
                new SamplingParams(settings.temperature(), 0, settings.topP(), 0, 1, seed),
                input -> ask(input, seed));
    }

    private Reply ask(String input, long seed) {
        ChatRequest question = ChatRequest.of(endpoint, input, seed);
        return Reply.ofChat(endpoint.ask(question), endpoint.problems());
    }

    /** Lets go of all connections; answers that are still awaited fail. */
    @Override
    public void close() {
        endpoint.close();
    }
}
