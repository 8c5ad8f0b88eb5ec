package dev.cairn.server;

import dev.cairn.CairnException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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

    /**
     * Checks that a server which other machines can reach has an API key. Callers that open models
     * first can ask before they do.
     *
     * @throws CairnException if it has none, or the host has no address
     */
    public void requireKeyForOthers() {
        if (!isLoopback() && apiKeys.isEmpty()) {
            throw new CairnException(
                            "listening on %s lets other machines call, which needs an API key; give one, or listen on 127.0.0.1"
                                    .formatted(host))
                    .suggesting("apiKeys");
        }
    }

    private boolean isLoopback() {
        try {
            // Java treats an empty name as this machine, other programs as all its addresses.
            return !host.isBlank()
                    && Arrays.stream(InetAddress.getAllByName(host))
                            .allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new CairnException(
                    "no address is known for host '%s'; give one of this machine, such as 127.0.0.1"
                            .formatted(host),
                    e);
        }
    }
}
