package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.serve.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a server takes on. */
final class ServeLimits {
    private static final int SHARE_OF_HEAP = 4;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Requests processed at the same time (8).")
    private int parallel = Limits.DEFAULT.parallel();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Requests in the queue (64); further ones are refused with 429.")
    private int queue = Limits.DEFAULT.queue();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Maximum number of tokens generated per request (4096).")
    private int maxTokens = Limits.DEFAULT.maxTokens();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Maximum time of a request, including waiting (600).")
    private long timeout = Limits.DEFAULT.timeout().toSeconds();

    @Option(
            names = "--kv-memory",
            paramLabel = "MIB",
            description =
                    "Memory for the key-value caches of each base (a quarter of the heap).")
    private @Nullable Long kvMebibytes;

    Limits limits() {
        return new Limits(
                (int) atLeast("--parallel", 1, parallel),
                (int) atLeast("--queue", 0, queue),
                Limits.DEFAULT.bodyBytes(),
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
