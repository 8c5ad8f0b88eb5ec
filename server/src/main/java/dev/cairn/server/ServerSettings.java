package dev.cairn.server;

import java.util.List;

/**
 * How a server serves.
 *
 * @param host address to listen on; anything but loopback needs an API key
 * @param port 0 takes any that is free
 * @param apiKeys what callers must show, any of these; none lets everybody on this machine in
 * @param corsOrigins origins whose pages may call; none allows no other than the server's own
 * @param logsPrompts whether prompts and answers are written to the log
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
}
