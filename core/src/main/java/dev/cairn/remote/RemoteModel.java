package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answerer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model behind an OpenAI-compatible address: one chat completion per answer. Failures that may
 * pass are retried ({@link RemoteSettings#maxRetries}), after the wait the server asks for in
 * {@code Retry-After}, otherwise after 0.5 s, 1 s, 2 s and so on, at most 8 s.
 */
public final class RemoteModel implements AutoCloseable {
    private final Endpoint endpoint;

    /** Names of the fields that the model is known to refuse. */
    private volatile Set<String> refused = Set.of();

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

    /**
     * Models that think refuse some settings. What the model refuses is left out from then on, once
     * a request without it was answered.
     */
    private Reply ask(String input, long seed) {
        Set<String> without = refused;
        while (true) {
            ChatRequest question = ChatRequest.of(endpoint, input, seed, without);
            Endpoint.Received answer = endpoint.answer(question.body(endpoint.settings().model()));
            if (answer.isSuccess()) {
                refused = without;
                return Reply.ofChat(answer.body(), endpoint.problems());
            }
            Optional<String> field = RefusedField.of(answer, question.settings());
            if (field.isEmpty() || !mayBeLeftOut(field.get(), answer)) {
                throw endpoint.problems().refused(answer, field.map(RemoteModel::key));
            }
            without = with(without, field.get());
        }
    }

    /** An answer always has a limit, under one name or the other. */
    private static boolean mayBeLeftOut(String field, Endpoint.Received answer) {
        return !field.equals(ChatRequest.MAX_COMPLETION_TOKENS)
                && !(field.equals(ChatRequest.MAX_TOKENS) && RefusedField.isTooLarge(answer));
    }

    private static String key(String field) {
        return field.equals(ChatRequest.MAX_COMPLETION_TOKENS) ? ChatRequest.MAX_TOKENS : field;
    }

    private static Set<String> with(Set<String> fields, String another) {
        Set<String> all = new TreeSet<>(fields);
        all.add(another);
        return Set.copyOf(all);
    }

    /** Closes all connections; requests in progress fail. */
    @Override
    public void close() {
        endpoint.close();
    }
}
