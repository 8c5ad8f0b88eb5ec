package dev.cairn.serve;

import dev.cairn.Cancellation;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Holds every answer before its token of some number until the test lets go. */
final class HeldModel implements FakeModel.Pace {
    private final int at;
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean letGo;

    private HeldModel(int at) {
        this.at = at;
    }

    /** Holds before the token of that number, counted from 0. */
    static HeldModel before(int token) {
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
            while (!letGo) {
                cancellation.check();
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            held.decrementAndGet();
        }
    }

    /** How many answers are held. */
    int held() {
        return held.get();
    }

    void awaitHeld(int count) {
        Eventually.isTrue(count + " answers are held", () -> held.get() == count);
    }

    void letGo() {
        letGo = true;
    }
}
