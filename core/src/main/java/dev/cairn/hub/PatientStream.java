package dev.cairn.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads an answer and gives up when nothing comes for a while: the HTTP client's own time limit
 * ends with the headers.
 */
final class PatientStream implements AutoCloseable {
    private final InputStream in;
    private final Duration timeout;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

    PatientStream(InputStream in, Duration timeout) {
        this.in = in;
        this.timeout = timeout;
    }

    /**
     * Fills a part of the buffer.
     *
     * @return how many bytes came; -1 at the end
     * @throws TransientFailure when the connection broke or nothing came
     */
    int read(byte[] buffer) throws TransientFailure {
        Future<Integer> read = reader.submit(() -> in.read(buffer));
        try {
            return read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TransientFailure(
                    "no bytes came for %d s".formatted(timeout.toSeconds()), null, e);
        } catch (ExecutionException e) {
            throw new TransientFailure("the connection broke", null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientFailure("interrupted", null, e);
        }
    }

    @Override
    public void close() {
        try (in) {
            reader.shutdownNow();
        } catch (IOException e) {
            return; // what was read is there
        }
    }
}
