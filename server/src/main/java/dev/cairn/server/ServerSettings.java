package dev.cairn.server;

import java.util.List;

/**
 * The address of a server, and who may call it.
 *
 * @param host address to listen on; any but loopback needs an API key
 * @param port 0 takes any free port
 * @param apiKeys API keys, one of which callers must send; if empty, anybody on this machine may
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

    /** Settings for calls from this machine only, without keys, with the default limits. */
    public static ServerSettings onPort(int port) {
        return new ServerSettings(
                "127.0.0.1", port, List.of(), List.of(), false, ServerLimits.DEFAULT);
    }
}
