package dev.cairn.server.http;

/** The client disconnected, so nobody is there to be sent anything. */
public final class ClientDisconnected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientDisconnected() {
        super("the client disconnected", null, false, false);
    }
}
