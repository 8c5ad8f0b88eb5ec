package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answerer;

/**
 * A model behind an OpenAI-compatible address: one chat completion per answer. Failures that may
 * pass are retried ({@link RemoteSettings#maxRetries}), after the wait the server asks for in
 * {@code Retry-After}, otherwise after 0.5 s, 1 s, 2 s and so on, at most 8 s.
 */
public final class RemoteModel implements AutoCloseable {
    private final Endpoint endpoint;

    RemoteModel(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Opens a model; nothing is sent before the first question. */
    public static RemoteModel open(RemoteSettings settings) {
        return new RemoteModel(Endpoint.chatCompletions(settings, Thread::sleep));
    }

    /**
     * An answerer with a fixed seed, safe for use by several threads, which do not wait for each
     * other. An answer has one stage, named after the model; its base is the model the server says
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

    /** Closes all connections; requests in progress fail. */
    @Override
    public void close() {
        endpoint.close();
    }
}
