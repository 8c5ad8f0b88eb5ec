package dev.cairn.remote;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.cairn.CairnException;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.SamplingParams;
import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model behind an OpenAI-compatible address: one chat completion per answer. What may pass is
 * tried again ({@link RemoteSettings#maxRetries}), after as long as the server asks for in {@code
 * Retry-After}, else after half a second, one, two ... at most eight.
 */
public final class RemoteModel implements AutoCloseable {
    private final RemoteSettings settings;
    private final Problems problems;
    private final OpenAIClient client;

    private RemoteModel(RemoteSettings settings, Problems problems, OpenAIClient client) {
        this.settings = settings;
        this.problems = problems;
        this.client = client;
    }

    /** Prepares to ask; nothing is sent before the first question. */
    public static RemoteModel open(RemoteSettings settings) {
        return open(settings, Thread::sleep);
    }

    static RemoteModel open(RemoteSettings settings, Retries.Pause pause) {
        Problems problems = new Problems(settings, "chat completions");
        return new RemoteModel(settings, problems, Clients.open(settings, problems, pause));
    }

    /**
     * Answers with one seed; safe for several threads at once, which wait for their own answers
     * only. An answer has one stage, named after the model; its base is the model the server says
     * it used; {@code decodeMillis} is the time from the question to the whole answer, retries
     * included; token counts are 0 where the server does not give them. An empty text is an answer;
     * when none can be had, {@code answer} throws a {@link CairnException}.
     */
    public Answerer asking(long seed) {
        return (input, onText) -> answer(input, seed, onText);
    }

    private Answer answer(String input, long seed, Consumer<String> onText) {
        long start = System.nanoTime();
        Reply reply = ask(question(input, seed));
        double millis = (System.nanoTime() - start) / 1e6;
        onText.accept(reply.text());
        return new Answer(reply.text(), List.of(trace(input, seed, reply, millis)));
    }

    // Local servers know `max_tokens` and `seed`; the library calls them deprecated.
    @SuppressWarnings("deprecation")
    private ChatCompletionCreateParams question(String input, long seed) {
        ChatCompletionCreateParams.Builder question =
                ChatCompletionCreateParams.builder()
                        .model(settings.model())
                        .temperature(settings.temperature())
                        .topP(settings.topP())
                        .maxTokens(settings.maxTokens())
                        .seed(seed);
        if (settings.system() != null) {
            question.addSystemMessage(Clients.sendable(settings.system(), problems));
        }
        return question.addUserMessage(Clients.sendable(input, problems)).build();
    }

    private Reply ask(ChatCompletionCreateParams question) {
        try (HttpResponseFor<ChatCompletion> response =
                client.chat().completions().withRawResponse().create(question)) {
            return reply(response);
        } catch (OpenAIServiceException e) {
            throw problems.refused(e);
        } catch (OpenAIIoException e) {
            throw problems.broken(e);
        }
    }

    private Reply reply(HttpResponseFor<ChatCompletion> response) {
        try {
            return Reply.of(response.parse(), problems);
        } catch (OpenAIInvalidDataException e) {
            throw problems.notJson(Clients.body(response));
        }
    }

    private StageTrace trace(String input, long seed, Reply reply, double millis) {
        return new StageTrace(
new StageTrace.Identity("", settings.model(), reply.model().isEmpty() ? settings.model() : reply.model(), "none"), input, reply.text(), reply.finishReason(), new StageTrace.Tokens(reply.promptTokens(), 0, reply.completionTokens(), List.of(), List.of()), new StageTrace.Timing(0, millis), new SamplingParams(settings.temperature(), 0, settings.topP(), 0, 1, seed));
    }

    /** Lets go of all connections; answers that are still awaited fail. */
    @Override
    public void close() {
        client.close();
    }
}
