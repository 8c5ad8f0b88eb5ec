package dev.cairn.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UlidGeneratorTest {
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2025-03-01T12:00:00Z"));
    private final UlidGenerator ids = UlidGenerator.of(now::get);

    @Test
    void sortAsTheyCameWithinAMillisecondAndWhenTheClockGoesBack() {
        List<String> many =
                IntStream.range(0, 3000)
                        .mapToObj(i -> {
                            int step = i % 3 == 0 ? -5 : i % 3 == 1 ? 0 : 6;
                            now.updateAndGet(t -> t.plusMillis(step));
                            return ids.next();
                        })
                        .toList();
        assertThat(many).isSorted().doesNotHaveDuplicates().allMatch(id -> id.length() == 26);
    }

    @Test
    void beginWithTheirTime() {
        assertThat(ids.next())
                .startsWith(UlidGenerator.firstOf(now.get()))
                .startsWith("01JN8S7QG0");
        assertThat(UlidGenerator.firstOf(now.get().plusMillis(1))).isGreaterThan(ids.next());
    }
}
