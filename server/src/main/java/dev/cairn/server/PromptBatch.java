package dev.cairn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of one request, each answered by itself, as many at once as there are places that
 * nobody waits for. The request's own place always works on them.
 */
final class PromptBatch<T> {
    private final int size;
    private final IntFunction<T> work;
    private final List<@Nullable T> results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param work answers one of the prompts; called by several threads
     */
    PromptBatch(int size, IntFunction<T> work) {
        this.size = size;
        this.work = work;
        this.results = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            results.add(null);
        }
    }

    /** Whether one of the prompts failed, so that the others are in vain. */
    boolean hasFailed() {
        return failure.get() != null;
    }

    /** The results in order; throws what one of the prompts failed with. */
    List<T> run(RequestQueue turnstile) {
        List<Thread> helpers = helpers(turnstile);
        while (step()) {}
        helpers.forEach(PromptBatch::join);
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw PromptBatch.<RuntimeException>asIs(thrown);
        }
        synchronized (results) {
            return List.copyOf(results);
        }
    }

    private List<Thread> helpers(RequestQueue turnstile) {
        List<Thread> helpers = new ArrayList<>();
        while (helpers.size() < size - 1) {
            Optional<RequestQueue.Place> place = turnstile.tryEnter();
            if (place.isEmpty()) {
                break;
            }
            helpers.add(Thread.startVirtualThread(() -> help(place.get(), turnstile)));
        }
        return helpers;
    }

    private void help(RequestQueue.Place place, RequestQueue turnstile) {
        try (place) {
            while (turnstile.waiting() == 0 && step()) {}
        }
    }

    /** Works on the next prompt, if there is one. */
    private boolean step() {
        int index = next.getAndIncrement();
        if (index >= size || hasFailed()) {
            return false;
        }
        try {
            T result = work.apply(index);
            synchronized (results) {
                results.set(index, result);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
        return true;
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
