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
 * Turns whatever is thrown into what the client is told.
 *
 * @param log gets what a client is not told
 */
public record ErrorResponses(Consumer<String> log) {
    /** What some servers log for a request whose client did not wait for the answer. */
    public static final int CLIENT_CLOSED_REQUEST = 499;

    /** Answers with what went wrong. */
    public void answer(Context ctx, Throwable failure) {
        if (failure instanceof ClientDisconnected) {
            // Nobody reads it; the log tells it from an answer.
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
        answer(ctx, problem(failure));
    }

    static void answer(Context ctx, ApiException problem) {
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            ctx.header("Retry-After", String.valueOf(retryAfter.toSeconds()));
        }
        if (problem.status() == 401) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
        if (problem.status() == 413 || problem.status() == 503 || problem.status() == 408) {
            ctx.header("Connection", "close");
        }
        RequestBody.write(ctx, problem.status(), problem.json());
        if (problem.status() == 413) {
            RequestBody.sendBeforeTheRestComes(ctx);
        }
    }

    /** The same for what is so wrong that Javalin treats it apart, such as too little memory. */
    public void answerError(HttpServletResponse response, Error error) {
        ApiException problem = problem(error);
        if (response.isCommitted()) {
            return;
        }
        try {
            response.setStatus(problem.status());
            response.setContentType("application/json");
            response.getOutputStream().write(JsonCodec.write(problem.json()).getBytes(UTF_8));
        } catch (IOException e) {
            log.accept("an error could not be told: " + e.getClass().getName());
        }
    }

    public ApiException problem(Throwable failure) {
        return switch (failure) {
            case ApiException problem -> problem;
            case RequestException e ->
                    ApiException.badRequest(e.field(), String.valueOf(e.getMessage()));
            case CairnException e -> ApiException.failed(String.valueOf(e.getMessage()));
            case HttpResponseException e -> http(e.getStatus());
            case HttpException e when e.getCode() < 500 -> http(e.getCode());
            default -> unexpected(failure);
        };
    }

    /** What the server itself refuses, before any of our handlers sees it. */
    public static ApiException http(int status) {
        return switch (status) {
            case 404 ->
                    ApiException.refused(
                            404,
                            "not_found",
                            "no such address here; there is /v1/models, /v1/chat/completions, /v1/completions, /tokenize, /health, /ready and /metrics");
            case 405 ->
                    ApiException.refused(
                            405,
                            "method_not_allowed",
                            "this address knows no such method; the header Allow lists those it knows");
            case 413 -> ApiException.refused(413, "request_too_large", "the request is too large");
            case 414 -> ApiException.refused(414, "uri_too_long", "the address is too long");
            case 431 -> ApiException.refused(431, "headers_too_large", "the headers are too large");
            default ->
                    ApiException.refused(
                            status,
                            "bad_request",
                            "the request is no HTTP that is understood here");
        };
    }

    /** What went wrong while a body was read. */
    static RuntimeException reading(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return ApiException.refused(
                        408, "request_timeout", "the rest of the body did not come in time");
            }
            if (cause instanceof HttpException http) {
                return http(http.getCode());
            }
        }
        return new ClientDisconnected();
    }

    /**
     * Says nothing of what happened but where it can be found; the message of an exception that
     * nobody foresaw may hold a prompt, so the log gets the places alone.
     */
    private ApiException unexpected(Throwable failure) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        log.accept(
                "error %s: %s at %s"
                        .formatted(
                                id,
                                failure.getClass().getName(),
                                Arrays.stream(failure.getStackTrace())
                                        .limit(12)
                                        .map(StackTraceElement::toString)
                                        .collect(Collectors.joining(" < "))));
        return ApiException.failed(
                "internal error %s; the server's log says under this number where".formatted(id));
    }
}
