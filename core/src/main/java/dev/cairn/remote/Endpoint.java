package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.http.ConnectionFailure;
import dev.cairn.http.Retries;
import dev.cairn.http.RetryPolicy;
import dev.cairn.http.TransientFailure;
import dev.cairn.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One path of a server that takes JSON and returns JSON. Safe for use by several threads.
 *
 * <p>Each attempt reads the whole response, so that a connection that breaks halfway is retried
 * like one that breaks at the start. The server learns nothing about this machine.
 */
final class Endpoint implements AutoCloseable {
    /** The longest response that is read, in bytes. */
    private static final int MAX_BYTES = 4 << 20;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final RemoteSettings settings;
    private final URI uri;
    private final Problems problems;
    private final WebClient http;
    private final Retries retries;

    private Endpoint(
            RemoteSettings settings, URI uri, Problems problems, WebClient http, Retries retries) {
        this.settings = settings;
        this.uri = uri;
        this.problems = problems;
        this.http = http;
        this.retries = retries;
    }

    static Endpoint chatCompletions(RemoteSettings settings, RetryPolicy.Pause pause) {
        return open(settings, "chat/completions", "chat completions", pause);
    }

    static Endpoint completions(RemoteSettings settings, RetryPolicy.Pause pause) {
        return open(settings, "completions", "completions", pause);
    }

    /** Opens an endpoint; nothing is sent before the first question. */
    private static Endpoint open(
            RemoteSettings settings, String path, String name, RetryPolicy.Pause pause) {
        Problems problems = new Problems(settings, name);
        String base = settings.baseUrl().toString();
        return new Endpoint(
                settings,
                URI.create(base + (base.endsWith("/") ? "" : "/") + path),
                problems,
                WebClient.open(shorter(CONNECT_TIMEOUT, settings.timeout())),
                RemoteRetries.of(settings, problems, pause));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    RemoteSettings settings() {
        return settings;
    }

    Problems problems() {
        return problems;
    }

    /** A complete response. */
    record Received(int status, HttpHeaders headers, byte[] body) {
        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * Asks a question. Failures that may pass are retried.
     *
     * @param question written as the JSON body
     * @return the body of a response with status 2xx
     * @throws CairnException when there is no such response
     */
    byte[] ask(Object question) {
        Received answer = answer(question);
        if (!answer.isSuccess()) {
            throw problems.problem(problems.refusal(answer));
        }
        return answer.body();
    }

    /** Asks like {@link #ask}, and also returns a response that no retry would change. */
    Received answer(Object question) {
        HttpRequest request = request(JsonBody.of(question));
        return retries.call(() -> attempt(request));
    }

    /**
     * Returns {@code text} if it can be sent as UTF-8.
     *
     * @throws CairnException when it contains an unpaired surrogate
     */
    String sendable(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw problems.problem(
                    "cannot be sent a text with half of a surrogate pair; correct the question");
        }
        return text;
    }

    private HttpRequest request(byte[] question) {
        HttpRequest.Builder request =
                WebClient.request(uri)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(BodyPublishers.ofByteArray(question));
        if (settings.apiKey() != null) {
            request.header("Authorization", "Bearer " + settings.apiKey());
        }
        return request.build();
    }

    private Received attempt(HttpRequest request) throws TransientFailure {
        Received answer = exchange(request);
        if (RemoteRetries.isTransient(answer.status())) {
            throw TransientFailure.answered(problems.refusal(answer), answer.headers());
        }
        return answer;
    }

    private Received exchange(HttpRequest request) throws TransientFailure {
        try {
            return http.within(settings.timeout(), () -> received(request));
        } catch (IOException e) {
            ConnectionFailure failure = ConnectionFailure.of(e);
            if (!http.isReached() && isUnreachable(failure)) {
                throw problems.unreachable(failure, e);
            }
            throw new TransientFailure(problems.breakage(failure), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.interrupted(e);
        }
    }

    private Received received(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request);
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw problems.tooLarge(MAX_BYTES);
            }
            return new Received(response.statusCode(), response.headers(), bytes);
        }
    }

    private static boolean isUnreachable(ConnectionFailure failure) {
        return switch (failure) {
            case UNKNOWN_HOST, REFUSED, CONNECT_TIMEOUT, TLS -> true;
            case TIMEOUT, BROKEN -> false;
        };
    }

    /** Closes all connections; requests in progress fail. */
    @Override
    public void close() {
        http.close();
    }
}
