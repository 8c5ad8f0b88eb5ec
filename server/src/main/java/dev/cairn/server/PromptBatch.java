package dev.cairn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of one request. Each is processed separately, several at once if there are free slots
 * that no other request is waiting for. The request's own slot is used throughout.
 */
final class PromptBatch<T> {
    private final int size;
    private final RequestContext context;
    private final IntFunction<T> work;
    private final List<@Nullable T> results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param context cancelled when one of the prompts fails
     * @param work processes the prompt at an index; called by several threads
     */
    PromptBatch(int size, RequestContext context, IntFunction<T> work) {
        this.size = size;
        this.context = context;
        this.work = work;
        this.results = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            results.add(null);
        }
    }

    /** The results in order; throws the exception of the first prompt that failed. */
    List<T> run(RequestQueue queue) {
        List<Thread> helpers = startHelpers(queue);
        while (processNext()) {}
        helpers.forEach(PromptBatch::join);
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw PromptBatch.<RuntimeException>unchecked(thrown);
        }
        synchronized (results) {
            return List.copyOf(results);
        }
    }

    private List<Thread> startHelpers(RequestQueue queue) {
        List<Thread> helpers = new ArrayList<>();
        while (helpers.size() < size - 1) {
            Optional<RequestQueue.Slot> slot = queue.tryEnter();
            if (slot.isEmpty()) {
                break;
            }
            helpers.add(Thread.startVirtualThread(() -> help(slot.get(), queue)));
        }
        return helpers;
    }

    private void help(RequestQueue.Slot slot, RequestQueue queue) {
        try (slot) {
            while (queue.waiting() == 0 && processNext()) {}
        }
    }

    /** Processes the next prompt, if there is one. */
    private boolean processNext() {
        int index = next.getAndIncrement();
        if (index >= size || failure.get() != null) {
            return false;
        }
        try {
            T result = work.apply(index);
            synchronized (results) {
                results.set(index, result);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            context.cancel();
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
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
