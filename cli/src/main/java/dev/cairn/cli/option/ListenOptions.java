package dev.cairn.cli.option;

import dev.cairn.CairnException;
import dev.cairn.server.ServerLimits;
import dev.cairn.server.ServerSettings;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server listens, and who may call it. */
public final class ListenOptions {
    /** Not an option, because everybody on the machine can see command lines. */
    private static final String KEY_VARIABLE = "CAIRN_API_KEY";

    private static final int PORT = 8080;
    private static final int MAX_KEY_BYTES = 1 << 16;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address to listen on; one that other machines can reach needs an API key (127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on; 0 takes any free one (8080).")
    private int port = PORT;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description =
                    "API keys, one per line, of which callers must send one; the environment variable "
                            + KEY_VARIABLE
                            + " may hold one, too.")
    private @Nullable Path keyFile;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "Allow calls from pages of this origin; * allows all. Repeatable.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--log-prompts",
            description = "Log prompts and completions, which are not logged otherwise.")
    private boolean logsPrompts;

    public ServerSettings settings(ServerLimits limits) {
        if (port < 0 || port > 0xFFFF) {
            throw new CairnException("--port: expected 0 to 65535, found " + port);
        }
        return new ServerSettings(host, port, keys(), origins, logsPrompts, limits);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        if (keyFile != null) {
            String text = BoundedFiles.readString(keyFile, MAX_KEY_BYTES);
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(keys::add);
            if (keys.isEmpty()) {
                throw new CairnException(
                        keyFile + ": contains no key; write one per line, or omit --api-key-file");
            }
        }
        String key = Environment.variables().get(KEY_VARIABLE);
        if (key != null && !key.isBlank()) {
            keys.add(key.strip());
        }
        return keys;
    }
}
