package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.JavaExample;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/library.md that starts a server. */
class ServerExampleTest {
    private static final String SHIPPED = "examples/stories/stack.yaml";
    private static final String PORT = "8080";

    @TempDir private Path folder;

    @Test
    void servesAStackUntilEnterIsPressed() throws Exception {
        String source =
                JavaExample.below(Path.of("docs/library.md"), "## A server in your program");
        assertThat(source.lines()).hasSizeLessThanOrEqualTo(10);
        assertThat(source).contains(SHIPPED, PORT);
        int port = freePort();
        Client client = new Client(URI.create("http://127.0.0.1:" + port));
        InputStream before = System.in;
        String printed;
        try {
            System.setIn(new Caller(client));
            printed =
                    JavaExample.run(
                            folder,
                            List.of(
                                    "dev.cairn.server.*",
                                    "dev.cairn.stack.*",
                                    "dev.cairn.stack.config.*"),
                            source.replace(SHIPPED, stack().toString())
                                    .replace(PORT, String.valueOf(port)));
        } finally {
            System.setIn(before);
        }
        assertThat(printed.lines()).containsExactly("listening at " + client.address());
    }

    /** Calls the server before it presses Enter. */
    private static final class Caller extends InputStream {
        private final Client client;

        Caller(Client client) {
            this.client = client;
        }

        @Override
        public int read() {
            Client.Reply reply =
                    client.ask(
                            "/v1/chat/completions",
                            "{'model':'example','messages':[{'role':'user','content':'hello'}]}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.json().path("usage").path("completion_tokens").asInt()).isPositive();
            return '\n';
        }
    }

    private Path stack() {
        Path yaml = folder.resolve("stack.yaml");
        AtomicFiles.writeString(
                yaml,
                """
                name: example
                base_model: %s
                output_dir: %s
                decoding: {max_new_tokens: 4}
                stages:
                  - {name: answer, prompt: "{{input}}", adapter: none}
                """
                        .formatted(
                                Path.of("models/grain").toAbsolutePath(), folder.resolve("out")));
        return yaml;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
