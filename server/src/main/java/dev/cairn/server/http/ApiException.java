package dev.cairn.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a request is not answered: a status, and what the body of the error says. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final @Nullable Duration retryAfter;

    private ApiException(
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

    private static ApiException of(int status, String type, @Nullable String code, String message) {
        return new ApiException(status, type, null, code, message, null);
    }

    /** A request that is wrong however often it is sent. */
    public static ApiException badRequest(@Nullable String param, String message) {
        return new ApiException(400, "invalid_request_error", param, null, message, null);
    }

    /** Any other refusal that is the caller's to mend. */
    public static ApiException refused(int status, String code, String message) {
        return of(status, "invalid_request_error", code, message);
    }

    public static ApiException unauthorized() {
        return of(
                401,
                "authentication_error",
                "invalid_api_key",
                "this server needs an API key: send the header Authorization: Bearer KEY");
    }

    public static ApiException noSuchModel(String id, Iterable<String> models) {
        return new ApiException(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "no model '%s' here; there is: %s"
                        .formatted(ErrorText.shortened(id), String.join(", ", models)),
                null);
    }

    public static ApiException busy(int waiting, Duration retryAfter) {
        return new ApiException(
                429,
                "rate_limit_error",
                null,
                "queue_full",
                "too many requests: %d are waiting, no more may; try again in %d s"
                        .formatted(waiting, retryAfter.toSeconds()),
                retryAfter);
    }

    /** Not for a caller, but for whoever decides where callers are sent. */
    public static ApiException full() {
        return of(503, "server_error", "queue_full", "the queue is full; send callers elsewhere");
    }

    public static ApiException closing() {
        return of(
                503,
                "server_error",
                "shutting_down",
                "the server is shutting down; try again when it runs");
    }

    public static ApiException overdue(Duration limit) {
        return of(
                504,
                "timeout_error",
                "timeout",
                "the request took longer than the %d s it may take, waiting included; ask for fewer tokens, or try again when less is going on"
                        .formatted(limit.toSeconds()));
    }

    public static ApiException failed(String message) {
        return of(500, "server_error", null, message);
    }

    public int status() {
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
    public Map<String, Object> json() {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", reason());
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        return Map.of("error", error);
    }
}
