package dev.cairn.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The wait that a server asks for: {@code Retry-After} in seconds or as a date (RFC 9110, 10.2.3),
 * or {@code Retry-After-Ms}, which servers like OpenAI's send as well.
 */
final class RetryAfter {
    private RetryAfter() {}

    /** Empty when the server does not say, or says something malformed. */
    static Optional<Duration> of(HttpHeaders headers) {
        return number(headers, "Retry-After-Ms", 1)
                .or(() -> number(headers, "Retry-After", 1000))
                .or(() -> untilDate(headers));
    }

    private static Optional<Duration> number(HttpHeaders headers, String name, int millis) {
        return headers.firstValue(name)
                .map(String::strip)
                .filter(number -> number.matches("[0-9]{1,12}(\\.[0-9]+)?"))
                .map(number -> Duration.ofMillis((long) (Double.parseDouble(number) * millis)));
    }

    private static Optional<Duration> untilDate(HttpHeaders headers) {
        try {
            return headers.firstValue("Retry-After")
                    .map(String::strip)
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(then -> Duration.between(Instant.now(), then.toInstant()))
                    .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
