package dev.cairn.generate;

import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The thread that reads for many sequences. It alternates between one piece of a prompt, if any is
 * waiting, and one token of every sequence whose owner has submitted one. These tokens share one
 * forward pass, so the weights are loaded from memory once for all of them.
 *
 * <p>A piece of a prompt may take as long as many tokens. So it pauses between its products for
 * those who write, who get about half of the time. Between two of their tokens, there is at most
 * the time of a step and of one product more than without the prompt.
 */
final class Engine {
    private final CausalLm model;

    /** For forward passes over rows of several sequences. */
    private final Kernels kernels;

    private final Workspace workspace = new Workspace();
    private final Scheduler scheduler = new Scheduler();
    private final Thread thread;

    /** When the last step ended ({@link System#nanoTime}), and how long it took. */
    private long stepEnd;

    private long stepNanos;

    private volatile long steps;
    private volatile long tokens;

    Engine(CausalLm model) {
        this.model = model;
        this.kernels = model.kernels().eachRowAlone();
        this.thread = Thread.ofPlatform().daemon().name("cairn-batcher").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The workspace of the engine's tensors; only the engine's thread may take tensors from it. */
    Workspace workspace() {
        return workspace;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Number of decoding steps so far. */
    long steps() {
        return steps;
    }

    /** Number of tokens in these steps. */
    long tokens() {
        return tokens;
    }

    private void run() {
        while (scheduler.awaitWork()) {
            StepRequest prefill = scheduler.takePrefill();
            if (prefill != null) {
                read(prefill);
            }
            List<StepRequest> taken = scheduler.takeTokens();
            if (!taken.isEmpty()) {
                step(taken);
            }
        }
        scheduler.failAll();
    }

    private void read(StepRequest request) {
        boolean isMore = false;
        try (Workspace.Frame frame = workspace.frame()) {
            isMore = Objects.requireNonNull(request.prefill()).step();
        } catch (Throwable e) {
            request.fail(e);
        }
        if (isMore) {
            scheduler.requeue(request);
        } else {
            scheduler.complete(List.of(request));
        }
    }

    /**
     * Between the products of a prompt's piece: reads the tokens that are waiting, unless a step
     * ended less than its own time ago.
     */
    void pause() {
        if (System.nanoTime() - stepEnd >= stepNanos && scheduler.hasTokens()) {
            step(scheduler.takeTokens());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private void step(List<StepRequest> taken) {
        long start = System.nanoTime();
        try (Workspace.Frame frame = workspace.frame()) {
            walk(taken);
        } catch (Throwable e) {
            taken.forEach(request -> request.fail(e));
        }
        steps++;
        tokens += taken.size();
        stepEnd = System.nanoTime();
        stepNanos = stepEnd - start;
        scheduler.completeTokens(taken, stepNanos);
    }

    /** Reads one token of each sequence; each gets the same bits as it would alone. */
    private void walk(List<StepRequest> taken) {
        int[] ids = taken.stream().mapToInt(StepRequest::token).toArray();
        List<KvCache> caches = taken.stream().map(request -> request.sequence().cache()).toList();
        ForwardContext pass = ForwardContext.step(kernels, adapters(taken), workspace);
        TokenBatch batch = TokenBatch.step(ids, caches);
        Tensor hidden = model.forwardAll(pass, batch, caches).hidden();
        Tensor logits = model.head().forward(pass, hidden).y();
        for (int i = 0; i < ids.length; i++) {
            taken.get(i).give(taken.get(i).sequence().row(logits, i));
        }
    }

    private static List<Optional<LoraAdapter>> adapters(List<StepRequest> taken) {
        return taken.stream()
                .map(request -> Optional.ofNullable(request.sequence().generator().adapter()))
                .toList();
    }

    /** Ends all sequences after the current read; returns when the thread has ended. */
    void close() {
        scheduler.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw Scheduler.interrupted(e);
        }
    }
}
