package dev.cairn.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.CairnException;
import dev.cairn.text.completion.RequestException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;

/**
 * Turns exceptions into responses.
 *
 * @param log receives details that are not sent to the client
 */
public record ErrorResponses(Consumer<String> log) {
    /** The status that nginx and others log when a client disconnects before its response. */
    public static final int CLIENT_CLOSED_REQUEST = 499;

    private static final int LOGGED_FRAMES = 12;

    public void send(Context ctx, Throwable failure) {
        if (failure instanceof ClientDisconnected) {
            // Nobody receives this status; it marks the request in the log.
            ctx.status(CLIENT_CLOSED_REQUEST);
            return;
        }
        if (failure instanceof MethodNotAllowedResponse e) {
            ctx.header("Allow", String.join(", ", e.getDetails().values()));
            if (ctx.req().getMethod().equals("OPTIONS")) {
                ctx.status(204);
                return;
            }
        }
        send(ctx, toApiException(failure));
    }

    private static void send(Context ctx, ApiException error) {
        Duration retryAfter = error.retryAfter();
        if (retryAfter != null) {
            ctx.header("Retry-After", String.valueOf(retryAfter.toSeconds()));
        }
        switch (error.status()) {
            case 401 -> ctx.header("WWW-Authenticate", "Bearer");
            case 408, 413, 503 -> ctx.header("Connection", "close");
            default -> {}
        }
        if (error.status() == 413) {
            JsonResponse.sendBeforeBodyEnds(ctx, 413, error.json());
        } else {
            JsonResponse.send(ctx, error.status(), error.json());
        }
    }

    /**
     * The same for an {@link Error}, such as running out of memory, which Javalin handles
     * separately.
     */
    public void sendError(HttpServletResponse response, Error failure) {
        ApiException error = toApiException(failure);
        if (response.isCommitted()) {
            return;
        }
        try {
            response.setStatus(error.status());
            response.setContentType("application/json");
            response.getOutputStream().write(JsonCodec.write(error.json()).getBytes(UTF_8));
        } catch (IOException e) {
            log.accept("an error could not be sent: " + e.getClass().getName());
        }
    }

    /** The error that a client receives for a failure; unexpected failures are also logged. */
    public ApiException toApiException(Throwable failure) {
        return switch (failure) {
            case ApiException e -> e;
            case RequestException e ->
                    ApiException.badRequest(e.field(), String.valueOf(e.getMessage()));
            case CairnException e -> ApiException.internal(String.valueOf(e.getMessage()));
            case HttpResponseException e -> ofStatus(e.getStatus());
            case HttpException e when e.getCode() < 500 -> ofStatus(e.getCode());
            default -> unexpected(failure);
        };
    }

    /** The error for a request that Javalin or Jetty rejects before any handler sees it. */
    public static ApiException ofStatus(int status) {
        return switch (status) {
            case 404 ->
                    ApiException.refused(
                            404,
                            "not_found",
                            "no such path here; the paths are /v1/models, /v1/chat/completions, /v1/completions, /tokenize, /health, /ready and /metrics");
            case 405 ->
                    ApiException.refused(
                            405,
                            "method_not_allowed",
                            "this path does not support the method; the header Allow lists those it supports");
            case 413 -> ApiException.refused(413, "request_too_large", "the request is too large");
            case 414 -> ApiException.refused(414, "uri_too_long", "the URI is too long");
            case 431 -> ApiException.refused(431, "headers_too_large", "the headers are too large");
            default ->
                    ApiException.refused(
                            status,
                            "bad_request",
                            "the request is not valid HTTP, or not supported");
        };
    }

    /** The exception for a failure while a body was read. */
    static RuntimeException readingBody(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return ApiException.refused(
                        408, "request_timeout", "the rest of the body did not arrive in time");
            }
            if (cause instanceof HttpException http) {
                return ofStatus(http.getCode());
            }
        }
        return new ClientDisconnected();
    }

    /**
     * Gives the client only a number to look up in the log. The message of an unexpected exception
     * may contain a prompt, so only the stack frames are logged.
     */
    private ApiException unexpected(Throwable failure) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        String frames =
                Arrays.stream(failure.getStackTrace())
                        .limit(LOGGED_FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < "));
        log.accept("error %s: %s at %s".formatted(id, failure.getClass().getName(), frames));
        return ApiException.internal(
                "internal error %s; the server's log has more under this number".formatted(id));
    }
}
