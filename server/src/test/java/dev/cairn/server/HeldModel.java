package dev.cairn.server;

import dev.cairn.text.completion.CompletionWatcher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Holds every answer before its token of some number until the test lets go. */
public final class HeldModel implements FakeModel.Pace {
    private final int at;
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean letGo;

    private HeldModel(int at) {
        this.at = at;
    }

    /** Holds before the token of that number, counted from 0. */
    public static HeldModel before(int token) {
        return new HeldModel(token);
    }

    @Override
    public void before(int token, CompletionWatcher watcher) {
        watcher.check();
        if (token != at) {
            return;
        }
        held.incrementAndGet();
        try {
            while (!letGo) {
                watcher.check();
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            held.decrementAndGet();
        }
    }

    /** How many answers are held. */
    public int held() {
        return held.get();
    }

    public void awaitHeld(int count) {
        Eventually.isTrue(count + " answers are held", () -> held.get() == count);
    }

    public void letGo() {
        letGo = true;
    }
}
