package dev.cairn.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JDK's HTTP client, with a time limit on everything it waits for. Safe for use by several
 * threads.
 *
 * <p>It does not follow redirects: they could carry a question or a token to an address that nobody
 * configured.
 */
public final class WebClient implements AutoCloseable {
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean isReached;

    private WebClient(HttpClient http) {
        this.http = http;
    }

    /** A client that gives up when it cannot connect within {@code connectTimeout}. */
    public static WebClient open(Duration connectTimeout) {
        return new WebClient(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(connectTimeout)
                        .build());
    }

    /** Starts building a request; its headers tell the server nothing about this machine. */
    public static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("User-Agent", "cairn");
    }

    /** Sends a request and waits for the response's headers; the caller closes its body. */
    public HttpResponse<InputStream> send(HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        isReached = true;
        return response;
    }

    /**
     * Whether there has been any response. Retrying helps when a server goes away, but not when it
     * was never there: its address may be mistyped.
     */
    public boolean isReached() {
        return isReached;
    }

    /**
     * Runs {@code work} and interrupts it when it takes too long. The JDK's own limit ends with a
     * response's headers; this one can include its body.
     *
     * @throws HttpTimeoutException when the time is up
     * @throws IOException what the work throws
     * @throws InterruptedException when this thread is interrupted meanwhile
     */
    public <T> T within(Duration limit, Callable<T> work) throws IOException, InterruptedException {
        Future<T> result = threads.submit(work);
        try {
            return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer in time");
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } finally {
            result.cancel(true);
        }
    }

    private static IOException failure(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }

    /** Ends everything still in progress instead of waiting for responses that nobody will read. */
    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }
}
