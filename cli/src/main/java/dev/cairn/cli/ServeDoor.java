package dev.cairn.cli;

import dev.cairn.BoundedFiles;
import dev.cairn.CairnException;
import dev.cairn.serve.Limits;
import dev.cairn.serve.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server listens and whom it lets in. */
final class ServeDoor {
    /** Not an option: what stands on a command line is seen by everybody on the machine. */
    private static final String KEY_VARIABLE = "CAIRN_API_KEY";

    private static final int PORT = 8080;
    private static final int MOST_KEY_BYTES = 1 << 16;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address to listen on (127.0.0.1); any address but loopback requires a key.")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "Port to listen on (8080); 0 picks a free one.")
    private int port = PORT;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description =
                    "File with the keys that callers may use, one per line; the environment variable "
                            + KEY_VARIABLE
                            + " can hold another.")
    private @Nullable Path keyFile;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "Allow calls from pages of this origin; * allows all. Repeatable.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--log-prompts",
            description = "Also log prompts and answers.")
    private boolean logsPrompts;

    ServerSettings settings(Limits limits) {
        if (port < 0 || port > 0xFFFF) {
            throw new CairnException("--port: expected 0 to 65535, found " + port);
        }
        return new ServerSettings(host, port, keys(), origins, logsPrompts, limits);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        if (keyFile != null) {
            String text = BoundedFiles.readString(keyFile, MOST_KEY_BYTES);
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(keys::add);
            if (keys.isEmpty()) {
                throw new CairnException(
                        keyFile
                                + ": holds no key; write one per line, or leave --api-key-file out");
            }
        }
        String key = System.getenv(KEY_VARIABLE);
        if (key != null && !key.isBlank()) {
            keys.add(key.strip());
        }
        return keys;
    }
}
