package dev.cairn.server;

import java.util.List;

/**
 * Where a server listens, and whom it serves.
 *
 * @param host address to listen on; any but loopback needs an API key
 * @param port 0 takes any free port
 * @param apiKeys keys of which callers must send one; without any, everybody on this machine may
 *     call
 * @param corsOrigins other origins whose pages may call from a browser; {@code *} for all
 * @param logsPrompts whether prompts and completions are logged
 */
public record ServerSettings(
        String host,
        int port,
        List<String> apiKeys,
        List<String> corsOrigins,
        boolean logsPrompts,
        ServerLimits limits) {
    public ServerSettings {
        apiKeys = List.copyOf(apiKeys);
        corsOrigins = List.copyOf(corsOrigins);
    }

    /** For this machine alone, without keys, with the default limits. */
    public static ServerSettings onPort(int port) {
        return new ServerSettings(
                "127.0.0.1", port, List.of(), List.of(), false, ServerLimits.DEFAULT);
    }
}
