package dev.cairn.server.http;

/** The client hung up: nobody is there to be told anything. */
public final class ClientDisconnected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientDisconnected() {
        super("the client hung up", null, false, false);
    }
}
