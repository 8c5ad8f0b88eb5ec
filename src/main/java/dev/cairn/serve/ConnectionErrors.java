package dev.cairn.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The errors of Jetty itself, in the form of all others. */
final class ConnectionErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, body(code), callback);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /** For what is so malformed that there is no request yet. */
    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, "application/json");
        return StandardCharsets.UTF_8.encode(body(status));
    }

    private static String body(int status) {
        Problem problem =
                status < 500
                        ? Failures.http(status)
                        : Problem.failed("internal error; the request was not understood");
        return Json.write(problem.json());
    }
}
