package dev.cairn.remote;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import dev.cairn.CairnException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Tries a request again when its failure may pass. The library's own retries wait for eight seconds
 * at most, whatever {@code Retry-After} says, so they are switched off.
 */
final class Retries implements HttpClient {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(8);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(2);
    private static final int MOST_DOUBLINGS = 10;

    private final HttpClient once;
    private final int maxRetries;
    private final Problems problems;
    private final Pause pause;

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void last(Duration duration) throws InterruptedException;
    }

    /**
     * @param once makes one try
     */
    Retries(HttpClient once, int maxRetries, Problems problems, Pause pause) {
        this.once = once;
        this.maxRetries = maxRetries;
        this.problems = problems;
        this.pause = pause;
    }

    /**
     * Returns the first answer that is no passing failure, else the last one.
     *
     * @throws OpenAIIoException when the last try had no answer
     * @throws CairnException when the server wants a longer pause than two minutes
     */
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        for (int failures = 1; ; failures++) {
            Duration wait;
            try {
                HttpResponse response = once.execute(request, options);
                if (failures > maxRetries || !mayPass(response.statusCode())) {
                    return response;
                }
                wait = asked(response.headers()).orElse(backOff(failures));
            } catch (OpenAIIoException e) {
                if (failures > maxRetries) {
                    throw e;
                }
                wait = backOff(failures);
            }
            rest(wait);
        }
    }

    private static boolean mayPass(int status) {
        return status == 408 || status == 409 || status == 429 || status >= 500;
    }

    private static Duration backOff(int failures) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(LONGEST_BACK_OFF) < 0 ? doubled : LONGEST_BACK_OFF;
    }

    /** What the server asks for, in one of three ways; empty when it makes no sense. */
    private static Optional<Duration> asked(Headers headers) {
        Optional<Duration> millis = number(headers, "Retry-After-Ms", 1);
        Optional<Duration> seconds = number(headers, "Retry-After", 1000);
        return millis.or(() -> seconds).or(() -> untilDate(headers));
    }

    private static Optional<Duration> number(Headers headers, String name, int millis) {
        return headers.values(name).stream()
                .findFirst()
                .map(String::strip)
                .filter(number -> number.matches("[0-9]{1,12}(\\.[0-9]+)?"))
                .map(number -> Duration.ofMillis((long) (Double.parseDouble(number) * millis)));
    }

    private static Optional<Duration> untilDate(Headers headers) {
        try {
            return headers.values("Retry-After").stream()
                    .findFirst()
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(then -> Duration.between(Instant.now(), then.toInstant()))
                    .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private void rest(Duration wait) {
        if (wait.compareTo(LONGEST_ASKED) > 0) {
            throw problems.tooLongWait(wait, LONGEST_ASKED);
        }
        try {
            pause.last(wait);
        } catch (InterruptedException e) {
            throw problems.interrupted(e);
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
            HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("questions are asked by the thread that waits");
    }

    @Override
    public void close() {
        once.close();
    }
}
