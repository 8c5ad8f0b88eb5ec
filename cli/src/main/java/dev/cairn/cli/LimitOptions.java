package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.server.ServerLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a server takes on. */
final class LimitOptions {
    private static final int SHARE_OF_HEAP = 4;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Requests that are answered at the same time (8).")
    private int parallel = ServerLimits.DEFAULT.parallel();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Requests that may wait; one more is told to come back later (64).")
    private int queue = ServerLimits.DEFAULT.queue();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens a request may have written (4096).")
    private int maxTokens = ServerLimits.DEFAULT.maxTokens();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest a request may take, waiting included (600).")
    private long timeout = ServerLimits.DEFAULT.timeout().toSeconds();

    @Option(
            names = "--kv-memory",
            paramLabel = "MIB",
            description =
                    "Memory for the keys and values of what is read and written, per base (a quarter of the heap).")
    private @Nullable Long kvMebibytes;

    ServerLimits limits() {
        return new ServerLimits(
                (int) atLeast("--parallel", 1, parallel),
                (int) atLeast("--queue", 0, queue),
                ServerLimits.DEFAULT.bodyBytes(),
                (int) atLeast("--max-tokens", 1, maxTokens),
                Duration.ofSeconds(atLeast("--timeout", 1, timeout)));
    }

    long cacheBytes() {
        return kvMebibytes == null
                ? Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP
                : atLeast("--kv-memory", 1, kvMebibytes) << 20;
    }

    private static long atLeast(String option, long least, long value) {
        if (value < least) {
            throw new CairnException(
                    "%s: expected at least %d, found %d".formatted(option, least, value));
        }
        return value;
    }
}
