package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.models.Model;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as a process of its own, with the base that is shipped. */
@Tag("process")
class ServeTest {
    private static final String BASE = "examples/stories/base.yaml";
    private static final String QUESTION = "Emma took the ball. Where is the ball?";
    private static final int DEADLINE_SECONDS = 60;

    @TempDir private Path folder;

    private ServerProcess start() throws Exception {
        return ServerProcess.start(folder.resolve("traces.db"), BASE);
    }

    private static ChatCompletionCreateParams ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION).build();
    }

    /** A beginning that the base goes on with until it is cut off. */
    private static ChatCompletionCreateParams muchToWrite() {
        return ChatCompletionCreateParams.builder()
                .model("pebble")
                .addUserMessage("Once upon a time")
                .temperature(0)
                .maxCompletionTokens(450)
                .build();
    }

    /** One test, since each start of a server takes seconds: it warms up first. */
    @Test
    void aServerAnswersOutlivesAKillAndEndsWhenItIsTold() throws Exception {
        try (ServerProcess server = start()) {
            answersOverHttpAsOnTheCommandLine(server);
            isKilledWhileItWrites(server);
        }
        try (ServerProcess again = start()) {
            assertThat(again.json("/api/traces").path("traces")).hasSize(1);
            finishesWhatItHasBegunWhenItIsToldToEnd(again);
        }
        assertThat(folder.resolve("traces.db-wal")).doesNotExist();
    }

    private static void answersOverHttpAsOnTheCommandLine(ServerProcess server) throws Exception {
        String alone = cairn("run", BASE, QUESTION).out().strip();
        OpenAIClient client = server.client();
        assertThat(client.models().list().data())
                .extracting(Model::id)
                .containsExactly("base", "base/answer", "pebble");
        ChatCompletion answer = client.chat().completions().create(ask("base"));
        assertThat(answer.choices().getFirst().message().content()).hasValue(alone);
        assertThat(server.json("/api/traces?query=Emma").path("traces"))
                .hasSize(1)
                .first()
                .satisfies(
                        trace -> assertThat(trace.path("answer").stringValue()).isEqualTo(alone));
        client.close();
    }

    private static void isKilledWhileItWrites(ServerProcess server) throws Exception {
        OpenAIClient client = server.client();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(muchToWrite())) {
            assertThat(stream.stream().iterator().hasNext()).isTrue();
            assertThat(Child.kill(server.process())).isEqualTo(Child.KILLED);
        }
        client.close();
    }

    private static void finishesWhatItHasBegunWhenItIsToldToEnd(ServerProcess server)
            throws Exception {
        OpenAIClient client = server.client();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(muchToWrite())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            chunks.next();
            server.process().destroy();
            ChatCompletionChunk last = chunks.next();
            while (chunks.hasNext()) {
                last = chunks.next();
            }
            assertThat(last.choices().getFirst().finishReason()).isPresent();
        }
        assertThat(server.process().waitFor(DEADLINE_SECONDS, SECONDS)).isTrue();
        // What Unix says of a process that SIGTERM ended.
        assertThat(server.process().exitValue()).isEqualTo(143);
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 65536 | --port: expected 0 to 65535, found 65536",
                "--parallel 0 | --parallel: expected at least 1, found 0",
                "--queue -1 | --queue: expected at least 0, found -1",
                "--timeout 0 | --timeout: expected at least 1, found 0",
                "--kv-memory 0 | --kv-memory: expected at least 1, found 0",
                "--trace-days 0 | --trace-days: expected at least 1, found 0",
                "--no-traces --traces x.db | --traces and --no-traces exclude each other",
                "--host 0.0.0.0 --no-traces | needs an API key; give one, or listen on 127.0.0.1 (--api-key-file or CAIRN_API_KEY)",
                "--host nowhere.invalid --no-traces | no address is known for host 'nowhere.invalid'",
                "--otlp-endpoint ftp://x --no-traces | --otlp-endpoint",
            })
    void aMistakeIsOneLineAndNothingIsServed(String options, String message) {
        Cli.Result result = cairn(("serve " + BASE + " " + options).split(" ", -1));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(message).hasLineCount(1);
    }

    @Test
    void aKeyFileWithoutKeyIsAMistake() throws IOException {
        Path keys = folder.resolve("keys");
        AtomicFiles.writeString(keys, "\n  \n");
        assertThat(cairn("serve", BASE, "--api-key-file", keys).err()).contains("contains no key");
        Files.delete(keys);
        assertThat(cairn("serve", BASE, "--api-key-file", keys).status()).isEqualTo(1);
    }

    @Test
    void twoStacksOfOneNameAreAMistakeAndSoIsOutputForTwo() {
        assertThat(cairn("serve", BASE, BASE, "--no-traces").err())
                .contains("two models are named base");
        assertThat(cairn("serve", "models/grain", "--output", folder).err())
                .contains("--output: goes with exactly one stack, found 0");
    }
}
