package dev.cairn.server;

import dev.cairn.support.Range;
import java.time.Duration;

/**
 * The limits of a server, which keep a single caller from using it up.
 *
 * @param parallel number of requests processed at once, at least 1
 * @param queue number of requests that may wait; any more are rejected with status 429
 * @param bodyBytes the largest body of a request, in bytes
 * @param maxTokens maximum number of tokens that one request may generate, at least 1
 * @param timeout the longest a request may take, including waiting
 */
public record ServerLimits(
        int parallel, int queue, long bodyBytes, int maxTokens, Duration timeout) {
    /** 8 in parallel, 64 waiting, bodies of 4 MiB, 4,096 tokens, 10 minutes. */
    public static final ServerLimits DEFAULT =
            new ServerLimits(8, 64, 4L << 20, 4096, Duration.ofMinutes(10));

    public ServerLimits {
        Range.atLeast("parallel", parallel, 1);
        Range.atLeast("queue", queue, 0);
        Range.atLeast("bodyBytes", bodyBytes, 1);
        Range.atLeast("maxTokens", maxTokens, 1);
        Range.atLeast("timeout in ms", timeout.toMillis(), 1);
    }
}
