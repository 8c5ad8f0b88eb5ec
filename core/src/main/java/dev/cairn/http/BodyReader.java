package dev.cairn.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Reads the body of a response and gives up when no bytes arrive for a while. */
public final class BodyReader implements AutoCloseable {
    private final WebClient client;
    private final InputStream body;
    private final Duration timeout;

    /**
     * @param timeout for each read, not for the whole body
     */
    public BodyReader(WebClient client, InputStream body, Duration timeout) {
        this.client = client;
        this.body = body;
        this.timeout = timeout;
    }

    /**
     * Reads some bytes into the buffer.
     *
     * @return number of bytes read; -1 at the end
     * @throws TransientFailure when the connection broke or nothing arrived in time
     */
    public int read(byte[] buffer) throws TransientFailure {
        try {
            return client.within(timeout, () -> body.read(buffer));
        } catch (HttpTimeoutException e) {
            throw new TransientFailure(
                    "no bytes arrived for %d s".formatted(timeout.toSeconds()), e);
        } catch (IOException e) {
            throw new TransientFailure("the connection broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientFailure("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            return; // the bytes already read are safe
        }
    }
}
