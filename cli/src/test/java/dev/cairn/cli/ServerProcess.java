package dev.cairn.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn serve} in a JVM of its own, which answers when this is there. */
record ServerProcess(Process process, URI address) implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 60;

    static ServerProcess start(Path traces, Object... options) throws Exception {
        List<Object> args = new ArrayList<>(List.of("serve", "--port", "0", "--traces", traces));
        args.addAll(List.of(options));
        Process process = Child.start(Map.of(), args.toArray());
        String address =
                CompletableFuture.supplyAsync(() -> readAddress(process.errorReader()))
                        .get(DEADLINE_SECONDS, SECONDS);
        // Somebody has to read what else it says, or it would wait for that in the end.
        Thread.ofVirtual().start(() -> drain(process.getErrorStream()));
        return new ServerProcess(process, URI.create(address));
    }

    private static String readAddress(BufferedReader reader) {
        StringBuilder said = new StringBuilder();
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("at http")) {
                    return line.split(" ", -1)[1];
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("it did not start: " + said);
    }

    private static void drain(InputStream stream) {
        try {
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It ended.
        }
    }

    OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(address + "/v1")
                .apiKey("none")
                .maxRetries(0)
                .build();
    }

    String text(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(address.resolve(path)).build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(text(path));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(DEADLINE_SECONDS, SECONDS)).isTrue();
    }
}
