package dev.cairn.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Notices when the client hangs up while its request is answered. Jetty reads nothing from a
 * connection in that time, so it would notice only when it writes, which may be minutes later. A
 * client that shuts down its sending side counts as gone: the two look the same from here.
 */
public final class DisconnectDetector {
    private final EndPoint endPoint;
    private final SocketChannel channel;
    private final Request request;
    private final Context ctx;
    private final ByteBuffer early = ByteBuffer.allocate(256);
    private boolean readAhead;

    private DisconnectDetector(Context ctx, Request request, SocketChannel channel) {
        this.ctx = ctx;
        this.request = request;
        this.channel = channel;
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** Of a request whose body has been read to its end. */
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
     * Looks whether the client is still there.
     *
     * @throws ClientDisconnected when it is not
     */
    public synchronized void check() {
        int read;
        try {
            early.clear();
            read = channel.read(early);
        } catch (IOException e) {
            throw new ClientDisconnected();
        }
        if (read < 0) {
            throw new ClientDisconnected();
        }
        if (read > 0 && !readAhead) {
            readAhead = true;
            closeAfterwards();
        }
    }

    /**
     * What was read belongs to the next request, which is therefore lost; the client sees the
     * connection end and, as for every request sent ahead, sends it again.
     */
    private void closeAfterwards() {
        if (!ctx.res().isCommitted()) {
            ctx.header("Connection", "close");
        }
        Request.addCompletionListener(request, failure -> endPoint.close());
    }
}
