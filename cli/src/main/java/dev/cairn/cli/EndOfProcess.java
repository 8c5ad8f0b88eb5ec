package dev.cairn.cli;

import java.util.concurrent.CountDownLatch;

/**
 * The wish of a person or of the system that this process ends (ctrl-C, SIGTERM), for a verb that
 * goes on until then: it is told, and has the time it needs to put everything away.
 */
final class EndOfProcess implements AutoCloseable {
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);

    /** From here on the process ends only once this is closed. */
    void listen() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::hold, "cairn-end"));
    }

    /** The JVM ends when all its hooks have returned. */
    private void hold() {
        wanted.countDown();
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the process is to end. */
    void await() throws InterruptedException {
        wanted.await();
    }

    /** Everything is put away. */
    @Override
    public void close() {
        ready.countDown();
    }
}
