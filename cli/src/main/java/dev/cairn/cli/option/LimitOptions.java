package dev.cairn.cli.option;

import dev.cairn.server.ServerLimits;
import dev.cairn.stack.Serving;
import dev.cairn.support.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much a server accepts. */
public final class LimitOptions {
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
            description = "The most tokens a request gets, however many it asks for (4096).")
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

    public ServerLimits limits() {
        Range.atLeast("--parallel", parallel, 1);
        Range.atLeast("--queue", queue, 0);
        Range.atLeast("--max-tokens", maxTokens, 1);
        Range.atLeast("--timeout", timeout, 1);
        return new ServerLimits(
                parallel,
                queue,
                ServerLimits.DEFAULT.bodyBytes(),
                maxTokens,
                Duration.ofSeconds(timeout));
    }

    public long cacheBytes() {
        if (kvMebibytes == null) {
            return Serving.defaultCacheBytes();
        }
        Range.atLeast("--kv-memory", kvMebibytes, 1);
        return kvMebibytes << 20;
    }
}
