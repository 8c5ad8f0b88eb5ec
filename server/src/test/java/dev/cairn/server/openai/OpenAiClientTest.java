package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.cairn.CairnException;
import dev.cairn.server.Client;
import dev.cairn.server.Eventually;
import dev.cairn.server.FakeModel;
import dev.cairn.server.HeldModel;
import dev.cairn.server.Server;
import dev.cairn.server.ServerLimits;
import dev.cairn.server.ServerSettings;
import dev.cairn.server.Servers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The official client of OpenAI, with nothing but another address. */
class OpenAiClientTest {
    private final HeldModel hold = HeldModel.before(0);
    private final Server server =
            Servers.start(
                    new ServerSettings(
                            "127.0.0.1",
                            0,
                            List.of("key"),
                            List.of(),
                            false,
                            new ServerLimits(1, 0, 1 << 16, 100, Duration.ofMinutes(1))),
                    FakeModel.stack("stories"),
                    FakeModel.base("stories/facts"),
                    FakeModel.base("held", hold),
                    FakeModel.base(
                            "broken",
                            (i, w) -> {
                                throw new CairnException("the disk is gone");
                            }));

    private final OpenAIClient client = client("key", 0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    @AfterEach
    void close() {
        hold.letGo();
        client.close();
        server.close();
        threads.close();
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("abc");
    }

    @Test
    void listsAndRetrievesModels() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .containsExactly("stories", "stories/facts", "held", "broken");
        assertThat(client.models().retrieve("stories/facts").id()).isEqualTo("stories/facts");
    }

    @Test
    void chats() {
        ChatCompletion answer =
                client.chat()
                        .completions()
                        .create(chat("stories").logprobs(true).topLogprobs(2).seed(1).build());
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.message().content()).contains("ABC");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(choice.logprobs().orElseThrow().content().orElseThrow()).hasSize(3);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(3);
        answer.validate();
    }

    @Test
    void streamsAChat() {
        ChatCompletionCreateParams params =
                chat("stories")
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();
            assertThat(
                            chunks.stream()
                                    .flatMap(chunk -> chunk.choices().stream())
                                    .flatMap(choice -> choice.delta().content().stream())
                                    .collect(Collectors.joining()))
                    .isEqualTo("ABC");
            assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isEqualTo(6);
            assertThat(chunks)
                    .extracting(ChatCompletionChunk::id)
                    .containsOnly(chunks.getFirst().id());
            chunks.forEach(ChatCompletionChunk::validate);
        }
    }

    @Test
    void completesTextsAndTokens() {
        CompletionCreateParams.Builder params =
                CompletionCreateParams.builder().model("stories/facts").logprobs(1).maxTokens(2);
        Completion one = client.completions().create(params.prompt("abc").build());
        assertThat(one.choices().getFirst().text()).isEqualTo("AB");
        assertThat(one.choices().getFirst().logprobs().orElseThrow().tokens())
                .contains(List.of("A", "B"));
        Completion two =
                client.completions()
                        .create(
                                params.promptOfArrayOfTokenArrays(
                                                List.of(List.of(97L), List.of(98L)))
                                        .build());
        assertThat(two.choices()).extracting(choice -> choice.text()).containsExactly("A", "B");
        two.validate();
    }

    @Test
    void understandsTheErrors() {
        assertThatThrownBy(() -> client.chat().completions().create(chat("gpt-9").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("the models are: stories");
        assertThatThrownBy(() -> client.chat().completions().create(chat("stories").n(2).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.param()).contains("n"));
        assertThatThrownBy(() -> client.chat().completions().create(chat("broken").build()))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("the disk is gone");
        OpenAIClient stranger = client("other", 0);
        assertThatThrownBy(() -> stranger.models().list())
                .isInstanceOf(UnauthorizedException.class);
        stranger.close();
    }

    @Test
    void comesBackWhenTheServerIsBusy() {
        CompletableFuture<ChatCompletion> running =
                CompletableFuture.supplyAsync(
                        () -> client.chat().completions().create(chat("held").build()), threads);
        hold.awaitHeld(1);
        assertThatThrownBy(() -> client.chat().completions().create(chat("stories").build()))
                .isInstanceOfSatisfying(
                        RateLimitException.class,
                        e -> assertThat(e.headers().values("Retry-After")).isNotEmpty());
        OpenAIClient patient = client("key", 5);
        CompletableFuture<ChatCompletion> retrying =
                CompletableFuture.supplyAsync(
                        () -> patient.chat().completions().create(chat("stories").build()),
                        threads);
        Eventually.isTrue("it was refused, too", () -> rejected() >= 2);
        hold.letGo();
        assertThat(retrying.join().choices()).hasSize(1);
        assertThat(running.join().choices()).hasSize(1);
        patient.close();
    }

    private double rejected() {
        Client.Reply metrics =
                Client.of(server)
                        .send(
                                Client.of(server)
                                        .to("/metrics")
                                        .header("Authorization", "Bearer key")
                                        .build());
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith("cairn_requests_rejected_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }
}
