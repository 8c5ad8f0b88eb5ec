package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cancellation;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Which request gets a slot next, and that no slot is ever lost. */
class RequestQueueTest {
    private final RequestQueue queue = new RequestQueue(1, 3);

    @Test
    void requestsGetSlotsInOrderOfArrival() throws InterruptedException {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        RequestQueue.Slot slot = queue.enter(Cancellation.NONE);
        for (int i = 0; i < 3; i++) {
            int number = i;
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try (RequestQueue.Slot mine = queue.enter(Cancellation.NONE)) {
                            order.add(number);
                        }
                    }));
            Eventually.isTrue("it waits", () -> queue.waiting() == number + 1);
        }
        assertThat(queue.isFull()).isTrue();
        assertThatThrownBy(() -> queue.enter(Cancellation.NONE))
                .isInstanceOfSatisfying(
                        ApiException.class, error -> assertThat(error.status()).isEqualTo(429));
        assertThat(queue.tryEnter()).isEmpty();
        slot.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(queue.running()).isZero();
    }

    @Test
    void aRequestThatGivesUpLosesNoSlot() {
        Queue<Integer> runningInside = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 200; i++) {
            RequestQueue.Slot slot = queue.enter(Cancellation.NONE);
            AtomicBoolean gone = new AtomicBoolean();
            CountDownLatch over = new CountDownLatch(1);
            Thread.startVirtualThread(() -> {
                try (RequestQueue.Slot _ =
                        queue.enter(() -> {
                            if (gone.get()) {
                                throw new ClientDisconnected();
                            }
                        })) {
                    runningInside.add(queue.running());
                } catch (ClientDisconnected e) {
                    // It may give up or get the slot, whichever comes first.
                } finally {
                    over.countDown();
                }
            });
            Eventually.isTrue("it waits", () -> queue.waiting() == 1);
            gone.set(true);
            slot.close();
            slot.close();
            Eventually.opens(over);
            assertThat(queue.running()).isZero();
            assertThat(queue.waiting()).isZero();
        }
        assertThat(runningInside).allMatch(running -> running == 1);
    }
}
