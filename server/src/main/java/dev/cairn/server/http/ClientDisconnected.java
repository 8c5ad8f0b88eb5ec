package dev.cairn.server.http;

/** Thrown when the client has disconnected, so no response can be sent. */
public final class ClientDisconnected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientDisconnected() {
        super("the client disconnected", null, false, false);
    }
}
