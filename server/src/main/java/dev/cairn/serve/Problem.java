package dev.cairn.serve;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a request is not answered: a status, and what the body of the error says. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final @Nullable Duration retryAfter;

    private Problem(
            int status,
            String type,
            @Nullable String param,
            @Nullable String code,
            String message,
            @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    private static Problem of(int status, String type, @Nullable String code, String message) {
        return new Problem(status, type, null, code, message, null);
    }

    /** A request that is wrong however often it is sent. */
    static Problem badRequest(@Nullable String param, String message) {
        return new Problem(400, "invalid_request_error", param, null, message, null);
    }

    /** Any other refusal that is the caller's to mend. */
    static Problem refused(int status, String code, String message) {
        return of(status, "invalid_request_error", code, message);
    }

    static Problem unauthorized() {
        return of(
                401,
                "authentication_error",
                "invalid_api_key",
                "this server needs an API key: send the header Authorization: Bearer KEY");
    }

    static Problem noSuchModel(String id, Iterable<String> models) {
        return new Problem(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "no model '%s' here; there is: %s"
                        .formatted(Found.shortened(id), String.join(", ", models)),
                null);
    }

    static Problem busy(int waiting, Duration retryAfter) {
        return new Problem(
                429,
                "rate_limit_error",
                null,
                "queue_full",
                "too many requests: %d are waiting, no more may; try again in %d s"
                        .formatted(waiting, retryAfter.toSeconds()),
                retryAfter);
    }

    /** Not for a caller, but for whoever decides where callers are sent. */
    static Problem full() {
        return of(503, "server_error", "queue_full", "the queue is full; send callers elsewhere");
    }

    static Problem closing() {
        return of(
                503,
                "server_error",
                "shutting_down",
                "the server is shutting down; try again when it runs");
    }

    static Problem overdue(Duration limit) {
        return of(
                504,
                "timeout_error",
                "timeout",
                "the request took longer than the %d s it may take, waiting included; ask for fewer tokens, or try again when less is going on"
                        .formatted(limit.toSeconds()));
    }

    static Problem failed(String message) {
        return of(500, "server_error", null, message);
    }

    int status() {
        return status;
    }

    /** How long to wait before trying again, where that is known. */
    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** What went wrong; unlike for other exceptions there always is a message. */
    String reason() {
        return String.valueOf(getMessage());
    }

    /** The body of an error. */
    Map<String, Object> json() {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", reason());
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        return Map.of("error", error);
    }
}
