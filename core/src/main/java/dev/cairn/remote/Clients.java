package dev.cairn.remote;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The library's client, with the patience and the errors of this room. */
final class Clients {
    /** The library wants a credential; the real one is known to {@link Transport} alone. */
    private static final String NO_KEY = "none";

    private Clients() {}

    static OpenAIClient open(RemoteSettings settings, Problems problems, Retries.Pause pause) {
        Transport transport = new Transport(settings, problems);
        // What the library would otherwise take from the environment is said here.
        return new OpenAIClientImpl(
                ClientOptions.builder()
                        .httpClient(new Retries(transport, settings.maxRetries(), problems, pause))
                        .baseUrl(settings.baseUrl().toString())
                        .apiKey(NO_KEY)
                        .maxRetries(0)
                        .logLevel(LogLevel.OFF)
                        .build());
    }

    /** A text that JSON can carry. */
    static String sendable(String text, Problems problems) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw problems.unusable(
                    "cannot be sent a text with half of a surrogate pair; correct the question");
        }
        return text;
    }

    static String body(HttpResponse response) {
        try {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e); // it is in memory
        }
    }
}
