package dev.cairn.server.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Gives Jetty's own errors the same JSON as all others. */
public final class JettyErrorHandler extends ErrorHandler {
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

    private static String body(int status) {
        ApiException error =
                status < 500 || status == 501 || status == 505
                        ? ErrorResponses.ofStatus(status)
                        : ApiException.internal("internal error; the request was not understood");
        return JsonCodec.write(error.json());
    }
}
