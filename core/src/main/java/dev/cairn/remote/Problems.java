package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.http.ConnectionFailure;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Error messages in one line: the address, what happened, what to do. A server's words are quoted
 * briefly and without the API key, which servers tend to repeat; for the same reason the exceptions
 * have no causes that could contain those words.
 */
final class Problems {
    private static final int MAX_QUOTE = 200;
    private static final int OLLAMA_PORT = 11434;

    private final RemoteSettings settings;
    private final String endpoint;

    /**
     * @param endpoint what the server is asked for, in words
     */
    Problems(RemoteSettings settings, String endpoint) {
        this.settings = settings;
        this.endpoint = endpoint;
    }

    /** The message for a status other than 2xx, after all attempts; without the address. */
    String refusal(Endpoint.Received received) {
        int status = received.status();
        String said = JsonBody.errorMessage(JsonBody.read(received.body()));
        String answer = status + quoted(said);
        return switch (status) {
            case 401 -> "refuses access (%s); %s".formatted(answer, keyAdvice());
            case 403 -> "forbids this (%s); %s".formatted(answer, keyAdvice());
            case 404, 405 -> notFound(answer, said);
            case 429 ->
                    "has had too many requests (%s)%s; run it again later"
                            .formatted(answer, gaveUp());
            case 408, 409 ->
                    "cannot answer now (%s)%s; run it again later".formatted(answer, gaveUp());
            default -> byKind(status, answer, received.headers());
        };
    }

    /**
     * The error for a chat completion that is refused.
     *
     * @param setting the setting at fault, as far as the server names it
     */
    CairnException refused(Endpoint.Received received, Optional<String> setting) {
        String key = setting.orElse(isAboutSystem(received) ? "system" : "");
        return problem(
                refusal(received)
                        + (key.isEmpty()
                                ? ""
                                : "; change or remove teacher.%s in the YAML".formatted(key)));
    }

    /** Some models take no system message; they call it by the place or the name of its role. */
    private boolean isAboutSystem(Endpoint.Received received) {
        JsonNode body = JsonBody.read(received.body());
        return settings.system() != null
                && received.status() == 400
                && (body.path("error").path("param").stringValue("").startsWith("messages[0]")
                        || JsonBody.errorMessage(body)
                                .toLowerCase(Locale.ROOT)
                                .matches(
                                        "(?s).*\\bsystem\\b.*\\b(role|message|prompt)s?\\b.*|.*\\brole\\b.*\\bsystem\\b.*"));
    }

    private String byKind(int status, String answer, HttpHeaders headers) {
        return switch (status / 100) {
            case 3 ->
                    "redirects (%d) to%s; use the address it has moved to as base_url"
                            .formatted(
                                    status,
                                    quoted(headers.firstValue("Location").orElse("nowhere")));
            case 4 -> "does not accept the request (%s)".formatted(answer);
            default -> "the server failed (%s)%s; check its log".formatted(answer, gaveUp());
        };
    }

    private String keyAdvice() {
        return settings.apiKey() == null
                ? "set an API key for it"
                : "check that the API key is the right one";
    }

    private String notFound(String answer, String said) {
        boolean isModel = said.toLowerCase(Locale.ROOT).contains("model");
        if (!isModel) {
            return "has no %s (%s); is base_url right? it usually ends with /v1"
                    .formatted(endpoint, answer);
        }
        return "has no model '%s' (%s); %s"
                .formatted(
                        settings.model(),
                        answer,
                        isOllama() ? "ollama pull " + settings.model() : "check its name");
    }

    private boolean isOllama() {
        return settings.baseUrl().getPort() == OLLAMA_PORT;
    }

    /** The message when every attempt failed or took too long; without the address. */
    String breakage(ConnectionFailure failure) {
        return switch (failure) {
            case CONNECT_TIMEOUT, TIMEOUT ->
                    "no complete answer within %s s%s; allow more time, or ask for fewer tokens"
                            .formatted(seconds(settings.timeout()), gaveUp());
            case UNKNOWN_HOST, REFUSED, TLS, BROKEN ->
                    "the connection broke before the answer was complete%s; is the server still running?"
                            .formatted(gaveUp());
        };
    }

    /** The error when this address has never responded. */
    CairnException unreachable(ConnectionFailure failure, IOException e) {
        return problem(
                switch (failure) {
                    case UNKNOWN_HOST -> "no such host, or no network; check base_url";
                    case TLS ->
                            "no secure connection%s; does it speak https, and is its certificate trusted?"
                                    .formatted(quoted(String.valueOf(e.getMessage())));
                    case REFUSED, CONNECT_TIMEOUT, TIMEOUT, BROKEN ->
                            "cannot connect; is the server running?"
                                    + (isOllama() ? " (ollama serve)" : "");
                });
    }

    CairnException tooLongWait(Duration wanted, Duration longest) {
        return problem(
                "asks to wait %s s before the next request, more than the limit of %s s; run it again later"
                        .formatted(seconds(wanted), seconds(longest)));
    }

    CairnException tooLarge(int limit) {
        return problem(
                "sends an answer of more than %d MiB; is base_url right?".formatted(limit >> 20));
    }

    /**
     * The error for a successful response that is not a JSON object.
     *
     * @param body what the server sent instead
     */
    CairnException notJson(byte[] body) {
        String start = new String(body, StandardCharsets.UTF_8).strip();
        if (start.isEmpty()) {
            return problem("answered with an empty body; check its log");
        }
        boolean isHtml = start.toLowerCase(Locale.ROOT).matches("(?s)<(!doctype|html|!--).*");
        return problem(
                isHtml
                        ? "answered with an HTML page instead of JSON; is base_url right? it usually ends with /v1"
                        : "answered with something other than a JSON completion%s; is base_url right?"
                                .formatted(quoted(start)));
    }

    /** The error when a wait was interrupted; the thread's interrupt flag is already set again. */
    CairnException interrupted(InterruptedException e) {
        return new CairnException(address() + ": interrupted while waiting for the answer", e);
    }

    /** Any other problem with this address. */
    CairnException problem(String what) {
        return new CairnException(address() + ": " + what);
    }

    private String address() {
        return settings.baseUrl().toString().replaceFirst("/+$", "");
    }

    private String gaveUp() {
        int tries = settings.maxRetries() + 1;
        return tries == 1 ? "" : "; gave up after %d tries".formatted(tries);
    }

    private static String seconds(Duration duration) {
        return duration.toMillisPart() == 0
                ? Long.toString(duration.toSeconds())
                : String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1e3);
    }

    /** What a server says instead of a completion, for a message. */
    String said(JsonNode completion) {
        return quoted(JsonBody.errorMessage(completion.path("error")));
    }

    /** Puts a server's words in quotes for a message; empty when there are none. */
    String quoted(String said) {
        String line = cleaned(said);
        return line.isEmpty() ? "" : ": '" + line + "'";
    }

    /** Makes one line without control characters and without the key, cut when it is long. */
    String cleaned(String said) {
        String masked =
                settings.apiKey() == null ? said : said.replace(settings.apiKey(), "[API key]");
        String line = masked.replaceAll("[\\p{Cc}\\p{Cf}\\s]+", " ").strip();
        return line.length() > MAX_QUOTE ? line.substring(0, MAX_QUOTE) + "..." : line;
    }
}
