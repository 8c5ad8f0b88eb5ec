package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who is let in, in which order, and that no place is ever lost. */
class RequestQueueTest {
    private final RequestQueue turnstile = new RequestQueue(1, 3);

    @Test
    void whoeverCameFirstIsLetInFirst() throws InterruptedException {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        RequestQueue.Place place = turnstile.enter(() -> {});
        for (int i = 0; i < 3; i++) {
            int number = i;
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try (RequestQueue.Place mine = turnstile.enter(() -> {})) {
                            order.add(number);
                        }
                    }));
            Eventually.isTrue("it waits", () -> turnstile.waiting() == number + 1);
        }
        assertThat(turnstile.isFull()).isTrue();
        assertThatThrownBy(() -> turnstile.enter(() -> {}))
                .isInstanceOfSatisfying(
                        ApiException.class, problem -> assertThat(problem.status()).isEqualTo(429));
        assertThat(turnstile.tryEnter()).isEmpty();
        place.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(turnstile.running()).isZero();
    }

    @Test
    void whoeverGivesUpLosesNoPlaceToAnybody() {
        for (int i = 0; i < 200; i++) {
            RequestQueue.Place place = turnstile.enter(() -> {});
            AtomicBoolean gone = new AtomicBoolean();
            CountDownLatch over = new CountDownLatch(1);
            Thread.startVirtualThread(() -> {
                try (RequestQueue.Place mine =
                        turnstile.enter(() -> {
                            if (gone.get()) {
                                throw new ClientDisconnected();
                            }
                        })) {
                    assertThat(mine).isNotNull();
                } catch (ClientDisconnected e) {
                    // It may give up or be let in, whichever comes first.
                } finally {
                    over.countDown();
                }
            });
            Eventually.isTrue("it waits", () -> turnstile.waiting() == 1);
            gone.set(true);
            place.close();
            place.close();
            Eventually.opens(over);
            assertThat(turnstile.running()).isZero();
            assertThat(turnstile.waiting()).isZero();
        }
    }
}
