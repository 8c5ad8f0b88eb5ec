package dev.cairn.remote;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import dev.cairn.CairnException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Carries one try of a request. An answer is read to its end here, so that a connection that breaks
 * in the middle of one is tried again like one that breaks before it.
 *
 * <p>Redirects are not followed: they would carry questions to an address that nobody named. Of the
 * headers the library makes none is sent; they tell the server about this machine.
 */
final class Transport implements HttpClient {
    /** Most bytes of an answer; a server that sends more is not read to its end. */
    private static final int LARGEST = 4 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final RemoteSettings settings;
    private final Problems problems;
    private final java.net.http.HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean isReached;

    Transport(RemoteSettings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
        this.http =
                java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_1_1)
                        .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                        .connectTimeout(shorter(CONNECT, settings.timeout()))
                        .build();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** A whole answer. */
    private record Received(int statusCode, Headers headers, byte[] bytes) implements HttpResponse {
        @Override
        public InputStream body() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /**
     * Sends a request and waits for all of the answer.
     *
     * @throws OpenAIIoException what may pass
     * @throws CairnException what would fail again
     */
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        // The client's own time limit ends with the headers of an answer.
        Future<Received> exchange = threads.submit(() -> exchange(request));
        try {
            return exchange.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new OpenAIIoException(null, new HttpTimeoutException("no answer in time"));
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            throw problems.interrupted(e);
        } finally {
            exchange.cancel(true);
        }
    }

    private Received exchange(HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(translated(request), BodyHandlers.ofInputStream());
        isReached = true;
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problems.tooLarge(LARGEST);
            }
            Headers.Builder headers = Headers.builder();
            response.headers().map().forEach(headers::put);
            return new Received(response.statusCode(), headers.build(), bytes);
        }
    }

    private java.net.http.HttpRequest translated(HttpRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (HttpRequestBody body = Objects.requireNonNull(request.body())) {
            body.writeTo(bytes);
        }
        var translated =
                java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .header("User-Agent", "cairn")
                        .POST(BodyPublishers.ofByteArray(bytes.toByteArray()));
        if (settings.apiKey() != null) {
            translated.header("Authorization", "Bearer " + settings.apiKey());
        }
        return translated.build();
    }

    /** Waiting helps when a server goes away, not when there never was one. */
    private RuntimeException failure(Throwable cause) {
        return switch (cause) {
            case IOException e when !isReached && isUnreachable(e) -> problems.unreachable(e);
            case IOException e -> new OpenAIIoException(null, e);
            case RuntimeException e -> e;
            default -> new IllegalStateException(cause);
        };
    }

    private static boolean isUnreachable(IOException e) {
        return e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof SSLException
                || isUnknownHost(e);
    }

    static boolean isUnknownHost(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
            HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("questions are asked by the thread that waits");
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow(); // not close(), which waits for answers nobody reads
    }
}
