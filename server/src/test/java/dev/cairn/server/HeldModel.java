package dev.cairn.server;

import dev.cairn.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds every completion before one of its tokens until the test lets go. */
public final class HeldModel implements FakeModel.Pace {
    private final int at;
    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch letGo = new CountDownLatch(1);

    private HeldModel(int at) {
        this.at = at;
    }

    /** Holds before the token of this number, counted from 0. */
    public static HeldModel before(int token) {
        return new HeldModel(token);
    }

    @Override
    public void before(int token, Cancellation cancellation) {
        cancellation.check();
        if (token != at) {
            return;
        }
        held.incrementAndGet();
        try {
            while (!letGo.await(1, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            held.decrementAndGet();
        }
    }

    /** How many completions are held. */
    public int held() {
        return held.get();
    }

    public void awaitHeld(int count) {
        Eventually.isTrue(count + " completions are held", () -> held.get() == count);
    }

    public void letGo() {
        letGo.countDown();
    }
}
