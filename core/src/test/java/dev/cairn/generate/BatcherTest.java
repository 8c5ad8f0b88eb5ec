package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.model.CausalLm;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is read when, who waits, and what becomes of those who leave. */
class BatcherTest {
    private static final int[] PROMPT = {3, 1, 4};
    private static final int TOKENS = 6;
    private static final int CAPACITY = PROMPT.length + TOKENS;

    private final CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
    private final long one = model.cacheBytes(CAPACITY);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Batcher batcher = Batcher.start(model, 2 * one);

    @AfterEach
    void close() {
        threads.shutdownNow();
        batcher.close();
    }

    private void onlyOneAtATime() {
        batcher.close();
        batcher = Batcher.start(model, one);
    }

    /** Collects tokens, and waits after the first until it is let go. */
    private static final class Held implements Generator.TokenListener {
        private final CountDownLatch hasBegun = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final List<Integer> tokens = new ArrayList<>();

        @Override
        public boolean accept(SampledToken chosen) {
            tokens.add(chosen.token());
            hasBegun.countDown();
            BatcherTest.await(mayGoOn);
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Generator generator() {
        return new Generator(model, null).with(batcher);
    }

    private Future<List<Integer>> write(Held sink) throws InterruptedException {
        Future<List<Integer>> written =
                threads.submit(() -> {
                    write(generator(), sink);
                    return sink.tokens;
                });
        sink.hasBegun.await();
        return written;
    }

    private static List<Integer> write(Generator generator, Generator.TokenListener listener) {
        return write(generator, listener, Cancellation.NONE);
    }

    private static List<Integer> write(
            Generator generator, Generator.TokenListener listener, Cancellation cancellation) {
        List<Integer> tokens = new ArrayList<>();
        generator.generate(
                PROMPT,
                SamplingParams.GREEDY,
                TOKENS,
                token -> {
                    tokens.add(token.token());
                    return listener.accept(token);
                },
                cancellation);
        return tokens;
    }

    private List<Integer> expected() {
        return write(new Generator(model, null), chosen -> true);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited for 30 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static CairnException failure(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            return assertInstanceOf(CairnException.class, e.getCause());
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void whoeverIsSlowHoldsUpNobody() throws Exception {
        Held slow = new Held();
        Future<List<Integer>> held = write(slow);

        for (int i = 0; i < 3; i++) {
            assertThat(write(generator(), chosen -> true)).isEqualTo(expected());
        }
        slow.mayGoOn.countDown();
        assertThat(held.get()).isEqualTo(expected());
    }

    @Test
    void aSequenceThatNeverFitsIsRefused() {
        onlyOneAtATime();
        assertThatThrownBy(() ->
                        generator()
                                .generate(
                                        PROMPT, SamplingParams.GREEDY, TOKENS + 1, chosen -> true))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("MB for keys and values, but the limit for all sequences")
                .hasMessageContaining("ask for fewer tokens");
        assertThat(batcher.load().waiting()).isZero();
    }

    @Test
    void memoryIsNeverExceededAndEverybodyHasATurn() throws Exception {
        AtomicInteger most = new AtomicInteger();
        // Whoever is first in waits for a second, so two are in together before either leaves.
        CountDownLatch two = new CountDownLatch(2);
        List<Future<List<Integer>>> written = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            written.add(
                    threads.submit(() ->
                            write(
                                    generator(),
                                    chosen -> {
                                        Batcher.Load load = batcher.load();
                                        assertThat(load.bytes())
                                                .isEqualTo(load.running() * one)
                                                .isLessThanOrEqualTo(load.maxBytes());
                                        most.accumulateAndGet(load.running(), Math::max);
                                        two.countDown();
                                        await(two);
                                        return true;
                                    })));
        }
        for (Future<List<Integer>> each : written) {
            assertThat(each.get()).isEqualTo(expected());
        }
        assertThat(most.get()).isEqualTo(2);
        Batcher.Load load = batcher.load();
        assertThat(load.running()).isZero();
        assertThat(load.bytes()).isZero();
        assertThat(load.tokens()).isEqualTo(12L * (TOKENS - 1));
        assertThat(load.steps()).isLessThanOrEqualTo(load.tokens());
    }

    @Test
    void tokensThatWaitTogetherAreReadInOneStep() throws Exception {
        batcher.close();
        batcher = Batcher.start(model, 3 * one);
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch firstWaits = new CountDownLatch(1);
        CountDownLatch secondWaits = new CountDownLatch(1);
        // Its owner is asked while a token that is handed in waits.
        try (Sequence busy = batcher.join(generator(), CAPACITY, Cancellation.NONE);
                Sequence first = batcher.join(generator(), CAPACITY, once(isBusy, firstWaits));
                Sequence second = batcher.join(generator(), CAPACITY, once(isBusy, secondWaits))) {
            first.read(PROMPT);
            second.read(PROMPT);
            Future<?> blocked =
                    threads.submit(() ->
                            busy.run(() -> {
                                isBusy.countDown();
                                await(mayGoOn);
                                return false;
                            }));
            isBusy.await();
            Future<float[]> afterOne = threads.submit(() -> first.next(1));
            Future<float[]> afterTwo = threads.submit(() -> second.next(2));
            firstWaits.await();
            secondWaits.await();
            assertThat(batcher.load().steps()).isZero();
            mayGoOn.countDown();

            assertThat(afterOne.get()).isEqualTo(alone(1));
            assertThat(afterTwo.get()).isEqualTo(alone(2));
            blocked.get();
        }
        assertThat(batcher.load().steps()).isEqualTo(1);
        assertThat(batcher.load().tokens()).isEqualTo(2);
    }

    /** Between two of its products, a piece of a prompt lets a token pass. */
    @Test
    void aPromptPausesForThoseWhoWrite() throws Exception {
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch writerWaits = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (Sequence prompt = batcher.join(generator(), CAPACITY, Cancellation.NONE);
                Sequence writer = batcher.join(generator(), CAPACITY, once(isBusy, writerWaits))) {
            writer.read(PROMPT);
            Future<?> reading =
                    threads.submit(() ->
                            prompt.run(() -> {
                                isBusy.countDown();
                                await(writerWaits);
                                prompt.pass().betweenProducts().run();
                                await(mayGoOn);
                                return false;
                            }));
            isBusy.await();
            Future<float[]> after = threads.submit(() -> writer.next(1));
            // The prompt is not read to its end before, so without the pause this would wait for
            // good.
            assertThat(after).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(alone(1));
            assertThat(reading).isNotDone();
            mayGoOn.countDown();
            reading.get();
        } finally {
            mayGoOn.countDown();
        }
    }

    /** Opens a latch when it is asked after another one has opened. */
    private static Cancellation once(CountDownLatch before, CountDownLatch latch) {
        return () -> {
            if (before.getCount() == 0) {
                latch.countDown();
            }
        };
    }

    /** Logits after the prompt and a token, without a batcher. */
    private float[] alone(int token) {
        Generator generator = new Generator(model, null);
        try (Sequence sequence = new SingleSequence(generator, CAPACITY, Cancellation.NONE)) {
            sequence.read(PROMPT);
            return sequence.next(token);
        }
    }

    @Test
    void whoeverWaitsIsLetInInOrder() throws Exception {
        onlyOneAtATime();
        Held first = new Held();
        Future<List<Integer>> held = write(first);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Future<List<Integer>>> waiting = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            int number = i;
            waiting.add(threads.submit(() -> write(generator(), chosen -> order.add(number))));
            until(() -> batcher.load().waiting() == number);
        }
        first.mayGoOn.countDown();

        assertThat(held.get()).isEqualTo(expected());
        for (Future<List<Integer>> each : waiting) {
            assertThat(each.get()).isEqualTo(expected());
        }
        assertThat(order.stream().distinct()).containsExactly(1, 2, 3);
    }

    /** A client that hangs up while it waits. */
    @Test
    void whoeverWaitsMayLeave() throws Exception {
        onlyOneAtATime();
        Held first = new Held();
        Future<List<Integer>> held = write(first);
        CompletableFuture<Boolean> hasHungUp = new CompletableFuture<>();
        Future<List<Integer>> waiting =
                threads.submit(() ->
                        write(
                                generator(),
                                token -> true,
                                () -> {
                                    if (hasHungUp.isDone()) {
                                        throw new CairnException("hung up");
                                    }
                                }));
        until(() -> batcher.load().waiting() == 1);
        hasHungUp.complete(true);

        assertThat(failure(waiting)).hasMessage("hung up");
        assertThat(batcher.load().waiting()).isZero();
        assertThat(batcher.load().running()).isEqualTo(1);
        first.mayGoOn.countDown();
        assertThat(held.get()).isEqualTo(expected());
        assertThat(write(generator(), chosen -> true)).isEqualTo(expected());
    }

    @Test
    void whoeverIsInterruptedLeaves() throws Exception {
        onlyOneAtATime();
        Held first = new Held();
        Future<List<Integer>> held = write(first);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                write(generator(), chosen -> true);
                            } catch (CairnException e) {
                                thrown.complete(e);
                            }
                        });
        until(() -> batcher.load().waiting() == 1);
        waiting.interrupt();

        assertThat(thrown.get()).hasMessage("interrupted while waiting for the model");
        assertThat(batcher.load().waiting()).isZero();
        first.mayGoOn.countDown();
        assertThat(held.get()).isEqualTo(expected());
    }

    @Test
    void aSinkThatThrowsFreesItsPlace() {
        onlyOneAtATime();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                            write(
                                    generator(),
                                    chosen -> {
                                        throw new IllegalStateException("broken pipe");
                                    }))
                    .hasMessage("broken pipe");
        }
        assertThat(batcher.load().bytes()).isZero();
        assertThat(write(generator(), chosen -> true)).isEqualTo(expected());
    }

    @Test
    void whatGoesWrongWithAPromptConcernsItsOwnerAlone() throws Exception {
        Held other = new Held();
        Future<List<Integer>> held = write(other);
        assertThatThrownBy(() ->
                        generator()
                                .generate(
                                        new int[] {1, 99},
                                        SamplingParams.GREEDY,
                                        TOKENS,
                                        chosen -> true))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("token id 99");
        other.mayGoOn.countDown();
        assertThat(held.get()).isEqualTo(expected());
    }

    @Test
    void closingEndsWhatIsRunningAndWhatWaits() throws Exception {
        onlyOneAtATime();
        Held first = new Held();
        Future<List<Integer>> held = write(first);
        Future<List<Integer>> waiting = threads.submit(() -> write(generator(), chosen -> true));
        until(() -> batcher.load().waiting() == 1);
        batcher.close();
        first.mayGoOn.countDown();

        String message = "the model is being closed, so this sequence was not finished";
        assertThat(failure(held)).hasMessage(message);
        assertThat(failure(waiting)).hasMessage(message);
        assertThat(first.tokens).isEqualTo(expected().subList(0, 1));
        assertThatThrownBy(() -> write(generator(), chosen -> true)).hasMessage(message);
        assertThat(batcher.load().bytes()).isZero();
        batcher.close();
    }

    @Test
    void aBatcherIsForOneModel() {
        CausalLm other = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        assertThatThrownBy(() -> new Generator(other, null).with(batcher))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
