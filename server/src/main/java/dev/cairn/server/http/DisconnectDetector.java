package dev.cairn.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Detects that a client disconnects while its request is being processed. Jetty does not read from
 * the connection during that time, so it would notice only when it writes, possibly minutes later.
 * A client that shuts down only its sending side counts as disconnected, because the server cannot
 * tell the two apart.
 */
public final class DisconnectDetector {
    private final EndPoint endPoint;
    private final SocketChannel channel;
    private final Request request;
    private final Context ctx;
    private final ByteBuffer pipelined = ByteBuffer.allocate(256);
    private boolean willClose;

    private DisconnectDetector(Context ctx, Request request, SocketChannel channel) {
        this.ctx = ctx;
        this.request = request;
        this.channel = channel;
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** The detector of a request whose body has been read to its end. */
    public static DisconnectDetector of(Context ctx) {
        Request request = ServletContextRequest.getServletContextRequest(ctx.req());
        Object transport =
                request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
        if (!(transport instanceof SocketChannel channel)) {
            throw new IllegalStateException("not a socket: " + transport);
        }
        return new DisconnectDetector(ctx, request, channel);
    }

    /**
     * Checks that the client is still connected.
     *
     * @throws ClientDisconnected if it is not
     */
    public synchronized void check() {
        int read;
        try {
            pipelined.clear();
            read = channel.read(pipelined);
        } catch (IOException e) {
            throw new ClientDisconnected();
        }
        if (read < 0) {
            throw new ClientDisconnected();
        }
        if (read > 0 && !willClose) {
            willClose = true;
            closeAfterResponse();
        }
    }

    /**
     * The byte that was read belongs to the client's next request, which is therefore lost. The
     * client sees the connection close and repeats that request, as it must with any pipelined
     * request.
     */
    private void closeAfterResponse() {
        if (!ctx.res().isCommitted()) {
            ctx.header("Connection", "close");
        }
        Request.addCompletionListener(request, failure -> endPoint.close());
    }
}
