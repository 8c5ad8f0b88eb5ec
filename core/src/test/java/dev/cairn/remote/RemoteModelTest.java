package dev.cairn.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of a model behind an address, and what becomes of its answer. */
class RemoteModelTest {
    private static final int SEED = 42;

    @Test
    void oneQuestionIsOneCompletionWithEverySetting() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("In the garden."));
                RemoteModel model =
                        RemoteModel.open(
                                new RemoteSettings(
                                        teacher.baseUrl(),
                                        "llama3.2:3b",
                                        "Be short.",
                                        0.7,
                                        0.9,
                                        100,
                                        Duration.ofSeconds(60),
                                        2,
                                        Remotes.KEY))) {
            List<String> pieces = new ArrayList<>();
            Answer answer = model.asking(SEED).answer("Where is Émma? 🎈", pieces::add);

            assertThat(answer.text()).isEqualTo("In the garden.");
            assertThat(pieces).containsExactly("In the garden.");
            FakeTeacher.Request request = teacher.requests().getFirst();
            assertThat(request.path()).isEqualTo("/v1/chat/completions");
            assertThat(request.headers()).containsEntry("Authorization", "Bearer " + Remotes.KEY);
            assertThat(request.json())
                    .isEqualTo(
                            new JsonMapper()
                                    .readTree(
                                            """
                                            {"model": "llama3.2:3b", "temperature": 0.7, "top_p": 0.9,
                                             "max_tokens": 100, "seed": 42, "messages": [
                                              {"role": "system", "content": "Be short."},
                                              {"role": "user", "content": "Where is Émma? 🎈"}]}
                                            """));
        }
    }

    @Test
    void theTraceSaysWhatIsKnown() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("No.", "length"));
                RemoteModel model = new Remotes().open(teacher)) {
            StageTrace trace = model.asking(SEED).answer("Yes?").stages().getFirst();
            assertThat(trace)
                    .usingRecursiveComparison()
                    .ignoringFields("timing.decodeMillis")
                    .isEqualTo(
                            new StageTrace(
                                    new StageTrace.Identity("", "llama3.2:3b", "teacher-1", "none"),
                                    "Yes?",
                                    "No.",
                                    FinishReason.LENGTH,
                                    new StageTrace.Tokens(7, 0, 3, List.of(), List.of()),
                                    StageTrace.Timing.NONE,
                                    new SamplingParams(0.7, 0, 0.9, 0, 1, SEED)));
            assertThat(trace.timing().decodeMillis()).isPositive();
        }
    }

    @Test
    void withoutASystemMessageAndWithoutAKeyNoneIsSent() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("a"));
                RemoteModel model = new Remotes().open(teacher)) {
            model.asking(SEED).answer("q");
            FakeTeacher.Request request = teacher.requests().getFirst();
            assertThat(request.json().path("messages")).hasSize(1);
            assertThat(request.headers()).doesNotContainKey("Authorization");
        }
    }

    @Test
    void nothingIsToldAboutThisMachine() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("a"));
                RemoteModel model = new Remotes().open(teacher)) {
            model.asking(SEED).answer("q");
            assertThat(teacher.requests().getFirst().headers().keySet())
                    .containsExactlyInAnyOrder(
                            "Accept", "Content-Length", "Content-Type", "Host", "User-Agent");
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1,/v1/chat/completions", "/v1/,/v1/chat/completions", "'',/chat/completions"})
    void anAddressMayEndWithASlashOrNot(String path, String asked) {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("a"));
                RemoteModel model =
                        new Remotes()
                                .open(
                                        Remotes.settings(
                                                URI.create(
                                                        "http://localhost:"
                                                                + teacher.baseUrl().getPort()
                                                                + path)))) {
            model.asking(SEED).answer("q");
            assertThat(teacher.requests().getFirst().path()).isEqualTo(asked);
        }
    }

    @Test
    void manyThreadsAreAnsweredAtTheSameTime() throws Exception {
        int threads = 16;
        CountDownLatch all = new CountDownLatch(threads);
        try (FakeTeacher teacher =
                        FakeTeacher.start(request -> {
                            all.countDown();
                            await(all);
                            return FakeTeacher.says("to " + request.question());
                        });
                RemoteModel model = new Remotes().open(teacher);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String question = "question " + i;
                answers.add(pool.submit(() -> model.asking(SEED).answer(question)));
            }
            for (int i = 0; i < threads; i++) {
                assertThat(answers.get(i).get().text()).isEqualTo("to question " + i);
            }
            assertThat(teacher.mostInFlight()).isEqualTo(threads);
            assertThat(teacher.requests()).hasSize(threads);
        }
    }

    private static void await(CountDownLatch all) {
        try {
            if (!all.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("only some came: " + all.getCount() + " are missing");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLongAnswerComesWhole() {
        String text = "0123456789é".repeat(200_000 / 11 + 1).substring(0, 200_000);
        assertThat(answer(FakeTeacher.says(text)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\": [{\"message\": {\"content\": \"x\"}}]}",
                "{\"choices\": [{\"message\": {\"content\": \"x\"}, \"finish_reason\": null}], \"usage\": null}",
                "{\"id\": 7, \"model\": null, \"choices\": [{\"index\": \"a\", \"message\": {\"content\": \"x\", \"refusal\": null, \"tool_calls\": [], \"new\": {}}}], \"usage\": {\"prompt_tokens\": \"many\"}, \"timings\": [1]}",
                "{\"choices\": [{\"message\": {\"content\": [{\"type\": \"text\", \"text\": \"x\"}, {\"type\": \"other\"}]}}]}",
            })
    void serversMayLeaveOutOrAddMuch(String body) {
        Answer answer = answer(FakeTeacher.json(body));
        assertThat(answer.text()).isEqualTo("x");
        StageTrace trace = answer.stages().getFirst();
        assertThat(trace.identity().base()).isEqualTo("llama3.2:3b");
        assertThat(trace.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(trace.tokens().prompt()).isZero();
        assertThat(trace.tokens().completion()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"content\": null}", "{\"content\": \"\"}"})
    void anAnswerWithoutTextIsAnEmptyOne(String message) {
        assertThat(
                        answer(FakeTeacher.json("{\"choices\": [{\"message\": " + message + "}]}"))
                                .text())
                .isEmpty();
    }

    private static Answer answer(FakeTeacher.Reply reply) {
        try (FakeTeacher teacher = FakeTeacher.start(reply);
                RemoteModel model = new Remotes().open(teacher)) {
            return model.asking(SEED).answer("q");
        }
    }
}
