package dev.cairn.cli;

import java.util.concurrent.CountDownLatch;

/**
 * A request to end the process (ctrl-C, SIGTERM), for a verb that runs until then. The verb is
 * notified and gets the time it needs to clean up.
 */
final class EndOfProcess implements AutoCloseable {
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);

    /** From now on, the process ends only after this is closed. */
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

    /** Returns when the process is asked to end. */
    void await() throws InterruptedException {
        wanted.await();
    }

    /** Signals that everything is cleaned up. */
    @Override
    public void close() {
        ready.countDown();
    }
}
