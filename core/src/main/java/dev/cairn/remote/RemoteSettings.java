package dev.cairn.remote;

import dev.cairn.CairnException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a remote model: address, sampling, timeout and retries.
 *
 * @param baseUrl http or https; {@code /chat/completions} or {@code /completions} is appended to
 *     it, so it usually ends with {@code /v1}
 * @param model as the server names it
 * @param system the system message; null for none
 * @param temperature 0 or more
 * @param topP above 0, at most 1
 * @param maxTokens the most tokens of one answer
 * @param timeout for one attempt, from the connection to the last byte; at most a day
 * @param maxRetries further attempts after a failure that may pass: 408, 409, 429, 5xx, a broken
 *     connection, no response in time; at most 1000
 * @param apiKey sent as a bearer token to this address and never shown; null for none
 */
public record RemoteSettings(
        URI baseUrl,
        String model,
        @Nullable String system,
        double temperature,
        double topP,
        int maxTokens,
        Duration timeout,
        int maxRetries,
        @Nullable String apiKey) {
    private static final int MAX_RETRIES = 1000;
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /**
     * Checks every value.
     *
     * @throws CairnException naming the first invalid value
     */
    public RemoteSettings {
        checkAddress(baseUrl);
        check(!model.isBlank(), "model", "a name", "an empty one");
        check(temperature >= 0 && temperature < 100, "temperature", "0 to 100", temperature);
        check(topP > 0 && topP <= 1, "top_p", "more than 0, at most 1", topP);
        check(maxTokens >= 1, "max_tokens", "at least 1", maxTokens);
        check(
                timeout.isPositive() && timeout.compareTo(MAX_TIMEOUT) <= 0,
                "timeout",
                "more than 0, at most a day",
                timeout);
        check(
                maxRetries >= 0 && maxRetries <= MAX_RETRIES,
                "max_retries",
                "0 to " + MAX_RETRIES,
                maxRetries);
        // Checked here because the HTTP client would print a value it rejects.
        if (apiKey != null && !apiKey.matches("[\\x21-\\x7e]+")) {
            throw new CairnException(
                    baseUrl
                            + ": the API key is empty or holds characters that a key cannot have; set it again");
        }
    }

    /** Settings for scoring and for greedy generation, whose length each task sets itself. */
    public static RemoteSettings greedy(
            URI baseUrl, String model, Duration timeout, int maxRetries, @Nullable String apiKey) {
        return new RemoteSettings(baseUrl, model, null, 0, 1, 1, timeout, maxRetries, apiKey);
    }

    private static void checkAddress(URI url) {
        boolean isWeb =
                "http".equalsIgnoreCase(url.getScheme())
                        || "https".equalsIgnoreCase(url.getScheme());
        if (url.getRawUserInfo() != null) {
            throw new CairnException(
                    "base_url: contains a user name or a password, which would be shown in messages; leave them out and use an API key");
        }
        check(
                isWeb && url.getHost() != null,
                "base_url",
                "an address such as http://localhost:11434/v1",
                url);
        check(
                url.getRawQuery() == null && url.getRawFragment() == null,
                "base_url",
                "an address without ? and #",
                url);
    }

    private static void check(boolean isRight, String key, String expected, Object found) {
        if (!isRight) {
            throw new CairnException("%s: expected %s, found %s".formatted(key, expected, found));
        }
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "RemoteSettings[%s at %s, %s]"
                .formatted(model, baseUrl, apiKey == null ? "no key" : "with a key");
    }
}
