package dev.cairn.serve;

/** The client hung up: nobody is there to be told anything. */
final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gone() {
        super("the client hung up", null, false, false);
    }
}
