package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.remote.FakeTeacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("long")
class DistillTest {
    private static final String KEY = "sk-very-secret-0123456789";

    private static final String STACK =
            """
            name: taught
            base_model: BASE
            output_dir: out
            data: {path: data.jsonl}
            teacher:
              base_url: URL
              max_retries: 3
              concurrency: 4
              price: {input: 10, output: 100}
            training:
              lora_r: 2
              sequence_len: 128
              num_epochs: 1
              val_set_size: 1
            stages:
              - name: key
                prompt: "{{input}}\\nKey:"
                teach: "Key of: {{input}}"
                contract: {max_tokens: 20, retries: 1}
              - name: reply
                prompt: "{{input}}\\nKey: {{key}}\\nReply:"
            """;

    @TempDir Path folder;

    @BeforeEach
    void data() {
        write("data.jsonl", records(6));
    }

    private static String records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        "{\"prompt\": \"story %d\", \"completion\": \"end %d\"}\n".formatted(i, i))
                .collect(Collectors.joining());
    }

    private Path write(String name, String text) {
        return TinyBase.write(folder.resolve(name), text);
    }

    private Path stack(FakeTeacher teacher, String... changes) {
        String yaml =
                STACK.replace("BASE", Path.of("models/pebble").toAbsolutePath().toString())
                        .replace("URL", teacher.baseUrl().toString());
        return write("stack.yaml", TinyBase.changed(yaml, changes));
    }

    private Path file() {
        return folder.resolve("out/teacher.jsonl");
    }

    /** The questions behind answers such as "key of story 7". */
    private static Set<String> questionsIn(String answers) {
        return Pattern.compile("key of (story \\d+)")
                .matcher(answers)
                .results()
                .map(found -> "Key of: " + found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void theTeacherIsAskedOnceAndTheStackLearnsFromItsTexts() throws IOException {
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "the key")) {
            Path stack = stack(teacher);
            Cli.Result result = Cli.cairn("distill", stack);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("stage  asked  kept  rejected  failed  tokens in  tokens out")
                    .contains("6 of 6 questions have a text at every stage");
            // 6 requests of 7 and 3 tokens: 42 · 10 and 18 · 100 millionths.
            assertThat(result.out())
                    .containsPattern("key +6 +6 +0 +0 +42 +18 +[0-9.]+ s +0\\.0022");
            assertThat(teacher.requests()).hasSize(6);
            assertThat(teacher.requests().getFirst().json().path("model").asString())
                    .isEqualTo("llama3.2:3b");

            assertThat(Cli.cairn("distill", stack).status()).isZero();
            assertThat(teacher.requests()).hasSize(6);

            Cli.Result training = Cli.cairn("train", stack);
            assertThat(training.status()).as(training.err()).isZero();
            assertThat(folder.resolve("out/key/adapter_model.safetensors")).exists();
            assertThat(folder.resolve("out/reply/adapter_model.safetensors")).exists();
        }
    }

    @Test
    void whatTheTeacherWroteIsGoldWhereAnEvaluationAsksWhy() {
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "the key")) {
            Path stack =
                    stack(
                            teacher,
                            "Key:\"\n",
                            "Key:\"\n    adapter: none\n",
                            "Reply:\"\n",
                            "Reply:\"\n    adapter: none\n");
            Path data = folder.resolve("data.jsonl");
            Cli.Result untaught = Cli.cairn("eval", stack, "--data", data, "--why", "--limit", 2);
            assertThat(untaught.status()).isEqualTo(1);
            assertThat(untaught.err())
                    .hasLineCount(1)
                    .contains(
                            "question data-000001 has no gold text for stage key",
                            "cairn distill " + stack);

            assertThat(Cli.cairn("distill", stack).status()).isZero();
            Cli.Result result =
                    Cli.cairn("eval", stack, "--data", data, "--why", "--limit", 2, "--json");
            assertThat(result.status()).as(result.err()).isZero();
            JsonNode faults = JsonMapper.shared().readTree(result.out()).at("/why/0/faults");
            assertThat(faults).hasSize(2);
            assertThat(faults.get(0).path("gold").asString()).isIn("the key", "end 0");
        }
    }

    @Test
    void aDryRunAsksNothingAndShowsPromptsAndAnEstimate() {
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "never")) {
            Cli.Result result = Cli.cairn("distill", stack(teacher), "--dry-run", "--limit", "5");
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("--- key, question data-000001\nKey of: story 0\n")
                    .contains("Key of: story 2\n")
                    .doesNotContain("story 3")
                    .contains("5 requests, about ")
                    .contains(" in and at most 100 out, at most 0.0")
                    .endsWith("nothing was asked\n");
            assertThat(teacher.requests()).isEmpty();
            assertThat(file()).doesNotExist();
        }
    }

    @Test
    void everyWayToMisbehaveIsReportedAndTheNextRunPutsItRight() {
        List<FakeTeacher.Reply> bad =
                List.of(
                        FakeTeacher.error(429, "slow down", "Retry-After-Ms", "1"),
                        FakeTeacher.error(503, "starting", "Retry-After-Ms", "1"),
                        FakeTeacher.closesBeforeAnswer(),
                        FakeTeacher.html(),
                        FakeTeacher.json("{\"nonsense\": true}"),
                        FakeTeacher.says(""),
                        FakeTeacher.says("key"),
                        FakeTeacher.says("x ".repeat(100_000)),
                        FakeTeacher.says("key"),
                        FakeTeacher.error(400, "the prompt is too long"),
                        FakeTeacher.says("and on ".repeat(30)));
        try (FakeTeacher teacher =
                FakeTeacher.start(request ->
                        request.number() <= bad.size()
                                ? bad.get(request.number() - 1)
                                : FakeTeacher.says("key"))) {
            Path stack = stack(teacher, "concurrency: 4", "concurrency: 1");
            Cli.Result first = Cli.cairn("distill", stack);
            assertThat(first.status()).isOne();
            assertThat(first.out())
                    .contains("key: rejected 1 x empty")
                    .contains("key: rejected 1 x more than 20 tokens")
                    .contains("key: rejected 1 x more than 32768 characters")
                    .contains("HTML")
                    .contains("the prompt is too long");
            assertThat(first.lastError()).contains("still wait for a text").contains("run again");
            Cli.Result second = Cli.cairn("distill", stack);
            assertThat(second.status()).as(second.err() + second.out()).isZero();
            assertThat(second.out()).contains("0 still wait");
        }
    }

    @Test
    void aServerThatIsNotThereIsOneLine() {
        FakeTeacher gone = FakeTeacher.saying(prompt -> "");
        gone.close();
        Cli.Result result = Cli.cairn("distill", stack(gone));
        assertThat(result.status()).isOne();
        assertThat(result.lastError()).contains("cannot connect");
        assertThat(result.err()).doesNotContain("\tat ");
    }

    @Test
    void theTableForMachines() {
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "key")) {
            Cli.Result result = Cli.cairn("distill", stack(teacher), "--json");
            JsonNode json = new JsonMapper().readTree(result.out());
            assertThat(json.path("complete").asInt()).isEqualTo(6);
            assertThat(json.path("stages").get(0).path("stage").asString()).isEqualTo("key");
            assertThat(json.path("stages").get(0).path("cost").asDouble()).isEqualTo(0.00222);
            JsonNode ahead =
                    new JsonMapper()
                            .readTree(
                                    Cli.cairn("distill", stack(teacher), "--json", "--dry-run")
                                            .out());
            assertThat(ahead.path("requests").asInt()).isZero();
        }
    }

    @Test
    @Tag("process")
    void theKeyComesFromTheEnvironmentAndIsWrittenNowhere() throws IOException {
        try (FakeTeacher teacher =
                FakeTeacher.start(request ->
                        request.number() == 1
                                ? FakeTeacher.error(401, "wrong key " + KEY)
                                : FakeTeacher.says("key"))) {
            Path stack = stack(teacher, "max_retries: 3", "api_key_env: TEACHER_KEY");
            Cli.Result without = Cli.cairn("distill", stack);
            assertThat(without.status()).isOne();
            assertThat(without.lastError())
                    .contains("the environment variable TEACHER_KEY is not set");
            Cli.Result with =
                    Child.result(
                            Child.start(Map.of("TEACHER_KEY", KEY), "distill", stack, "--verbose"));
            assertThat(with.status()).isOne();
            assertThat(with.out() + with.err()).contains("401").doesNotContain(KEY);
            assertThat(Files.readString(file())).contains("401").doesNotContain(KEY);
            assertThat(teacher.requests().getLast().headers())
                    .containsEntry("Authorization", "Bearer " + KEY);
        }
    }

    @Test
    @Tag("process")
    void aKilledRunGoesOnWhereItStopped() throws IOException, InterruptedException {
        write("data.jsonl", records(200));
        AtomicBoolean answersAll = new AtomicBoolean();
        try (FakeTeacher teacher =
                FakeTeacher.start(request ->
                        request.number() <= 60 || answersAll.get()
                                ? FakeTeacher.says("key of " + request.question().substring(8))
                                : FakeTeacher.hangs())) {
            Path stack = stack(teacher);
            Process child = Child.start(Map.of(), "distill", stack);
            teacher.awaitRequests(40, child);
            assertThat(Child.kill(child)).isEqualTo(Child.KILLED);
            int asked = teacher.requests().size();
            Set<String> kept = questionsIn(Files.readString(file()));
            // At most the requests on their way are lost, one per thread.
            assertThat(kept.size()).isBetween(asked - 4, asked);
            answersAll.set(true);
            Cli.Result result = Cli.cairn("distill", stack);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(teacher.requests().stream().map(FakeTeacher.Request::question))
                    .filteredOn(kept::contains)
                    .containsExactlyInAnyOrderElementsOf(kept);
            assertThat(result.out()).contains("200 of 200 questions");
        }
    }

    @Test
    @Tag("process")
    void aSecondProcessRefuses() throws IOException, InterruptedException {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.hangs())) {
            Path stack = stack(teacher);
            Process child = Child.start(Map.of(), "distill", stack);
            teacher.awaitRequests(1, child);
            Cli.Result second = Cli.cairn("distill", stack);
            assertThat(second.status()).isOne();
            assertThat(second.lastError()).contains("another process is writing to it");
            Child.kill(child);
        }
    }

    @Test
    @Tag("process")
    void aFullDiskEndsTheRunAndKeepsWhatWasAnswered() throws IOException {
        write("data.jsonl", records(200));
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "key")) {
            Path stack = stack(teacher);
            // A limit on the size of files stands for the end of the disk.
            Cli.Result full = Child.result(Child.limited(16, "distill", stack));
            assertThat(full.status()).as(full.err()).isOne();
            assertThat(full.lastError())
                    .contains("teacher.jsonl: cannot write: File too large")
                    .contains("earlier lines are safe");
            String kept = Files.readString(file());
            assertThat(kept).endsWith("}\n").hasSizeLessThanOrEqualTo(16 * 1024);
            int before = teacher.requests().size();
            int lines = (int) kept.lines().count();
            assertThat(lines).isGreaterThan(10);
            assertThat(Cli.cairn("distill", stack).status()).isZero();
            assertThat(teacher.requests()).hasSize(before + 200 - lines);
        }
    }

    @Test
    void aModelOfThisMachineTeachesToo() {
        try (FakeTeacher nobody = FakeTeacher.saying(prompt -> "")) {
            String pebble = Path.of("models/pebble").toAbsolutePath().toString();
            Path stack =
                    stack(
                            nobody,
                            "base_url: " + nobody.baseUrl(),
                            "local: " + pebble + "\n  max_tokens: 8\n  temperature: 0",
                            "  max_retries: 3\n",
                            "",
                            "contract: {max_tokens: 20, retries: 1}",
                            "contract: {retries: 0}");
            Cli.Result result = Cli.cairn("distill", stack);
            // The base writes on until it is cut off, which no contract allows.
            assertThat(result.out()).contains("rejected 6 x cut off at the teacher's max_tokens");
            assertThat(result.status()).isOne();
            assertThat(result.lastError()).contains("all were set aside");
            assertThat(nobody.requests()).isEmpty();
        }
    }

    @Test
    void aStackOfThisMachineTeachesAsItAnswersElsewhere() throws IOException {
        String pebble = Path.of("models/pebble").toAbsolutePath().toString();
        Path other =
                write(
                        "other.yaml",
                        """
                        name: other
                        base_model: BASE
                        output_dir: nowhere
                        decoding: {max_new_tokens: 24, temperature: 0.8, seed: 11, stop: [".", ","]}
                        stages: [{name: only, prompt: "{{input}} Olga said that", adapter: none}]
                        """
                                .replace("BASE", pebble));
        try (FakeTeacher nobody = FakeTeacher.saying(prompt -> "")) {
            Path stack =
                    stack(
                            nobody,
                            "base_url: " + nobody.baseUrl(),
                            "local: other.yaml\n  seed: 11",
                            "  max_retries: 3\n",
                            "",
                            "contract: {max_tokens: 20, retries: 1}",
                            "contract: {retries: 0}");
            Cli.cairn("distill", stack);
            Cli.Result answer = Cli.cairn("run", other, "Key of: story 0");
            assertThat(answer.status()).as(answer.err()).isZero();
            JsonNode first =
                    new JsonMapper()
                            .readTree(
                                    Files.readAllLines(file()).stream()
                                            .filter(line -> line.contains("Key of: story 0"))
                                            .findFirst()
                                            .orElseThrow());
            assertThat(first.path("text").asString()).isEqualTo(answer.out().strip());
            assertThat(nobody.requests()).isEmpty();
            assertError(
                    stack(
                            nobody,
                            "base_url: " + nobody.baseUrl(),
                            "local: other.yaml\n  temperature: 0.5",
                            "  max_retries: 3\n",
                            ""),
                    "teacher.temperature: is set by the stack that local names; remove it here");
        }
    }

    @Test
    void mistakesInTheYamlAreNamed() {
        try (FakeTeacher teacher = FakeTeacher.saying(prompt -> "key")) {
            assertError(
                    stack(
                            teacher,
                            "    teach: \"Key of: {{input}}\"\n    contract: {max_tokens: 20, retries: 1}\n",
                            ""),
                    "stages: no stage has a teach");
            assertError(
                    stack(teacher, "Key of: {{input}}", "Key of: {{facts}}"),
                    "stages[0].teach: {{facts}} is not defined");
            assertError(
                    stack(teacher, "    teach: \"Key of: {{input}}\"\n", ""),
                    "stages[0].contract: applies to a teacher's texts");
            assertError(
                    stack(teacher, "max_retries: 3", "local: there"),
                    "teacher.base_url: is for a server");
            assertError(
                    stack(teacher, "concurrency: 4", "temperature: 3"),
                    "teacher.temperature: expected at least 0 and at most 2, found 3");
            assertError(
                    stack(teacher, "retries: 1", "pattern: '('"),
                    "stages[0].contract.pattern: expected a regular expression");
            assertError(stack(teacher, "data: {path: data.jsonl}\n", ""), "data: missing");
            Cli.Result early = Cli.cairn("train", stack(teacher));
            assertThat(early.lastError())
                    .contains("no question has a text at every stage: 6 still wait")
                    .contains("cairn distill");
            assertThat(Cli.cairn("distill", stack(teacher), "--limit", "0").status()).isEqualTo(2);
        }
    }

    private static void assertError(Path stack, String message) {
        Cli.Result result = Cli.cairn("distill", stack);
        assertThat(result.status()).isOne();
        assertThat(result.err()).contains(message);
        assertThat(result.err().lines()).hasSize(1);
    }
}
