package dev.cairn.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ten thousand requests, good and bad ones, leave nothing behind. */
@Tag("slow")
@EnabledOnOs({OS.LINUX, OS.MAC})
class LeakTest {
    private static final int WARM_UP = 1_000;
    private static final int REQUESTS = 10_000;

    /** Far less than 9,000 requests would leave, if each left a thread, a file or a kilobyte. */
    private static final int FEW = 50;

    private static final long FEW_BYTES = 8L << 20;

    private static final String CHAT =
            "{'model':'m','messages':[{'role':'user','content':'abc'}],'stream':%s}";

    private record Held(int threads, long files, long bytes) {
        static Held now() {
            System.gc();
            UnixOperatingSystemMXBean system =
                    (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Held(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system.getOpenFileDescriptorCount(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    @Test
    void nothingIsLeft(TestReporter reporter) {
        Random random = new Random(3);
        try (Server server = Servers.start(FakeModel.stack("m"))) {
            Held before = Held.now();
            for (int i = 0; i < REQUESTS; i++) {
                if (i == WARM_UP) {
                    awaitQuiet(server);
                    before = Held.now();
                }
                request(server, i, random);
            }
            awaitQuiet(server);
            Held after = Held.now();
            reporter.publishEntry(Map.of("before", before.toString(), "after", after.toString()));
            assertThat(after.threads()).isLessThan(before.threads() + FEW);
            assertThat(after.files()).isLessThan(before.files() + FEW);
            assertThat(after.bytes()).isLessThan(before.bytes() + FEW_BYTES);
        }
    }

    private static void request(Server server, int i, Random random) {
        try (RawClient client = RawClient.to(server)) {
            switch (i % 4) {
                case 0 ->
                        client.send(RawClient.post("/v1/chat/completions", CHAT.formatted(true)))
                                .readUntil("[DONE]");
                case 1 ->
                        client.send(RawClient.post("/v1/chat/completions", CHAT.formatted(false)))
                                .readUntil("total_tokens");
                case 2 -> client.send(RawClient.post("/v1/chat/completions", CHAT.formatted(true)));
                default -> client.send(Malformed.request(random)).endOutput().readAll();
            }
        }
    }

    private static void awaitQuiet(Server server) {
        Eventually.isTrue(
                "all is quiet",
                () ->
                        Client.of(server)
                                .get("/metrics")
                                .text()
                                .contains("cairn_requests_running 0.0"));
    }
}
