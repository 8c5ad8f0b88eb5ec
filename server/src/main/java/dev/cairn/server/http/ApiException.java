package dev.cairn.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The failure of a request: its status and the error that the response's body describes. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String SERVER_ERROR = "server_error";

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

    /**
     * A request that would fail again if it were repeated.
     *
     * @param param the field at fault; null if there is none
     */
    public static ApiException badRequest(@Nullable String param, String message) {
        return new ApiException(400, INVALID_REQUEST, param, null, message, null);
    }

    /** Any other error of the caller. */
    public static ApiException refused(int status, String code, String message) {
        return of(status, INVALID_REQUEST, code, message);
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
                INVALID_REQUEST,
                "model",
                "model_not_found",
                "there is no model '%s' here; the models are: %s"
                        .formatted(ErrorText.excerpt(id), String.join(", ", models)),
                null);
    }

    /** The queue has no room for this request. */
    public static ApiException tooManyRequests(int waiting, Duration retryAfter) {
        return new ApiException(
                429,
                "rate_limit_error",
                null,
                "queue_full",
                "too many requests: %d are waiting and no more may; try again in %d s"
                        .formatted(waiting, retryAfter.toSeconds()),
                retryAfter);
    }

    /** The response to a load balancer when the queue is full. */
    public static ApiException notReady() {
        return of(503, SERVER_ERROR, "queue_full", "the queue is full; send callers elsewhere");
    }

    public static ApiException shuttingDown() {
        return of(
                503,
                SERVER_ERROR,
                "shutting_down",
                "the server is shutting down; try again when it is back");
    }

    public static ApiException timedOut(Duration limit) {
        return of(
                504,
                "timeout_error",
                "timeout",
                "the request took longer than the limit of %d s, including waiting; ask for fewer tokens, or try again when the server is less busy"
                        .formatted(limit.toSeconds()));
    }

    public static ApiException internal(String message) {
        return of(500, SERVER_ERROR, null, message);
    }

    public int status() {
        return status;
    }

    /** The time to wait before trying again, if known. */
    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The body of the response. */
    public Map<String, Object> json() {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", String.valueOf(getMessage()));
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        return Map.of("error", error);
    }
}
