package dev.cairn.cli;

import static dev.cairn.cli.OptionChecks.atLeast;

import dev.cairn.server.ServerLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much a server accepts. */
final class LimitOptions {
    private static final int SHARE_OF_HEAP = 4;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Requests that are processed at once (8).")
    private int parallel = ServerLimits.DEFAULT.parallel();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Requests that may wait; any more are refused (64).")
    private int queue = ServerLimits.DEFAULT.queue();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens a request may have generated (4096).")
    private int maxTokens = ServerLimits.DEFAULT.maxTokens();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest a request may take, including waiting (600).")
    private long timeout = ServerLimits.DEFAULT.timeout().toSeconds();

    @Option(
            names = "--kv-memory",
            paramLabel = "MIB",
            description = "Memory for keys and values, per base model (a quarter of the heap).")
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
}
