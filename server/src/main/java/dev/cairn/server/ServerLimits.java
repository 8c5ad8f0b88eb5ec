package dev.cairn.server;

import java.time.Duration;

/**
 * What a server takes on, so that no caller can take it all.
 *
 * @param parallel requests that are answered at the same time
 * @param queue requests that may wait for their turn; one more is told to come back later
 * @param bodyBytes the largest body of a request
 * @param maxTokens the most tokens that one request may have written
 * @param timeout the longest a request may take, waiting included
 */
public record ServerLimits(int parallel, int queue, long bodyBytes, int maxTokens, Duration timeout) {
    /** Eight at once, 64 waiting, 4 MiB, 4,096 tokens, ten minutes. */
    public static final ServerLimits DEFAULT = new ServerLimits(8, 64, 4L << 20, 4096, Duration.ofMinutes(10));
}
