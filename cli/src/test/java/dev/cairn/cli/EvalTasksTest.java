package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.config.TargetModules;
import dev.cairn.eval.run.ModelOutput;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.Sample;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.remote.Bigram;
import dev.cairn.remote.FakeTeacher;
import dev.cairn.stack.engine.ModelScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Benchmarks put to models, adapters, stacks and servers, and what is kept of it. */
class EvalTasksTest {
    private static final Path PEBBLE = Path.of("models/pebble").toAbsolutePath();

    private static final String PLACES =
            """
            task: places
            test_file: places.jsonl
            output_type: multiple_choice
            doc_to_text: "{{question}}"
            doc_to_choice: choices
            doc_to_target: answer
            fewshot_config:
              file: places.jsonl
            metric_list:
              - metric: acc
              - metric: acc_norm
            """;

    private static final String WRITING =
            """
            task: writing
            test_file: places.jsonl
            output_type: generate_until
            doc_to_text: "{{question}}"
            doc_to_target: "{{choices[answer]}}"
            generation_kwargs: {until: ["."], max_gen_toks: 4}
            metric_list:
              - metric: exact_match
            """;

    @TempDir private Path folder;
    private Path task;
    private Path output;

    @BeforeEach
    void write() {
        task = write("places.yaml", PLACES);
        output = folder.resolve("out");
        items(6);
    }

    private void items(int count) {
        write(
                "places.jsonl",
                IntStream.range(0, count)
                        .mapToObj(i ->
                                """
                                {"question": "Olga took ball %d and ran to the", "choices": ["park", "kitchen", "hat"], "answer": %d}
                                """
                                        .formatted(i, i % 2))
                        .collect(Collectors.joining()));
    }

    private Path write(String name, String text) {
        return TinyBase.write(folder.resolve(name), text);
    }

    private List<Object> eval(Object system, Object... more) {
        List<Object> words = new ArrayList<>();
        words.addAll(List.of("eval", system, "--tasks", task, "--data", folder));
        words.addAll(List.of(more));
        return words;
    }

    private static Cli.Result done(List<Object> words) {
        Cli.Result result = cairn(words);
        assertThat(result.status()).as(result.err()).isZero();
        return result;
    }

    private JsonNode json(Object system, Object... more) {
        List<Object> words = eval(system, more);
        words.add("--json");
        return JsonMapper.shared().readTree(done(words).out());
    }

    private List<Sample> samples() {
        return RunFolder.read(output).samplesOf("places");
    }

    private static double logprob(Sample sample, int choice) {
        return ((ModelOutput.Likelihoods) sample.output()).choices().get(choice).logprob();
    }

    @Test
    void aModelsLikelihoodsDecideAndEverySampleIsKept() throws Exception {
        Cli.Result result = done(eval(PEBBLE, "--output_path", output, "--log_samples"));
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("pebble\n")
                .contains("task    n-shot  n    metric", "places       0  6       acc", "acc_norm")
                .contains("tokens read, 0.0 written");
        ModelScorer scorer = ModelScorer.open(PEBBLE);
        for (Sample sample : samples()) {
            String question = sample.doc().path("question").asString();
            assertThat(logprob(sample, 1))
                    .isEqualTo(scorer.score(question, " kitchen").sumLogprob());
        }
        List<String> lines = Files.readAllLines(output.resolve("samples_places.jsonl"));
        JsonNode line = JsonMapper.shared().readTree(lines.getFirst());
        assertThat(line.propertyNames())
                .containsExactly(
                        "doc_id",
                        "doc",
                        "target",
                        "arguments",
                        "resps",
                        "filtered_resps",
                        "doc_hash",
                        "prompt_hash",
                        "target_hash",
                        "acc",
                        "acc_norm",
                        "cairn");
        assertThat(line.path("arguments").path("gen_args_1").path("arg_1").asString())
                .isEqualTo(" kitchen");
    }

    @Test
    void theResultsHaveTheShapeOfLmEval() {
        JsonNode json = json(PEBBLE, "--limit", 4, "--num_fewshot", 1, "--output_path", output);
        JsonNode places = json.path("results").path("places");
        double acc = places.path("acc,none").doubleValue();
        assertThat(places.path("alias").asString()).isEqualTo("places");
        assertThat(places.path("acc_stderr,none").doubleValue())
                .isCloseTo(Math.sqrt(acc * (1 - acc) / 3), within(1e-9));
        assertThat(json.path("n-samples").path("places").path("original").asInt()).isEqualTo(6);
        assertThat(json.path("n-samples").path("places").path("effective").asInt()).isEqualTo(4);
        assertThat(json.path("n-shot").path("places").asInt()).isOne();
        assertThat(json.path("configs").path("places").path("doc_to_choice").asString())
                .isEqualTo("choices");
        assertThat(json.path("config").path("model").asString()).isEqualTo("model");
        JsonNode usage = json.path("ledger");
        assertThat(usage.path("system").asString()).isEqualTo("pebble");
        assertThat(usage.path("total_parameters").asLong()).isGreaterThan(100_000);
        assertThat(usage.path("trained_parameters").asLong()).isZero();
        assertThat(usage.path("training_tokens").asLong()).isZero();
        assertThat(usage.path("mean_prompt_tokens").asDouble()).isGreaterThan(10);
        assertThat(usage.path("cpu_seconds").asDouble()).isPositive();
        assertThat(RunFolder.read(output).results().toJson()).isEqualTo(json.toPrettyString());
    }

    @Test
    void anAdapterIsScoredOnItsBase() {
        PeftConfig config =
                PeftConfig.of(PEBBLE.toString(), 2, 4, 0, TargetModules.names("query_key_value"));
        LoraAdapter adapter = LoraAdapter.fresh(Models.open(PEBBLE), config, 1);
        Path directory = folder.resolve("fresh");
        adapter.save(directory);
        JsonNode of = json(directory);
        assertThat(of.path("config").path("model").asString()).isEqualTo("adapter");
        assertThat(of.path("ledger").path("trained_parameters").asLong()).isEqualTo(adapter.size());
        assertThat(of.path("ledger").path("training_tokens").isNull()).isTrue();
        // A fresh adapter changes nothing.
        assertThat(of.path("results")).isEqualTo(json(PEBBLE).path("results"));
    }

    private Path stack(String name) {
        return write(
                name + ".yaml",
                """
                name: %s
                base_model: %s
                output_dir: adapters
                decoding: {max_new_tokens: 6}
                stages:
                  - {name: first, prompt: "{{input}}\\nFocus:", adapter: none}
                  - {name: second, prompt: "{{input}} {{first}}\\nAnswer:", adapter: none}
                """
                        .formatted(name, PEBBLE));
    }

    @Test
    void aStacksLastPromptIsTheContextAndItsEarlierTextsAreKept() throws Exception {
        JsonNode json = json(stack("two"), "--output_path", output);
        assertThat(json.path("ledger").path("mean_completion_tokens").asDouble()).isPositive();
        ModelScorer scorer = ModelScorer.open(PEBBLE);
        for (Sample sample : samples()) {
            String question = sample.doc().path("question").asString();
            assertThat(sample.effort().stages()).hasSize(1);
            String first = sample.effort().stages().getFirst().output();
            String prompt = "%s %s\nAnswer:".formatted(question, first);
            assertThat(logprob(sample, 2)).isEqualTo(scorer.score(prompt, " hat").sumLogprob());
        }
    }

    @Test
    void aServerIsProbedAndItsScoresAreThoseOfItsModel() {
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NONE)) {
            JsonNode json = json(server.baseUrl(), "--model", "bigram", "--output_path", output);
            assertThat(json.path("ledger").path("peak_memory_bytes").isNull()).isTrue();
            assertThat(json.path("ledger").path("cpu_seconds").isNull()).isTrue();
            for (Sample sample : samples()) {
                String question = sample.doc().path("question").asString();
                assertThat(logprob(sample, 0))
                        .isCloseTo(Bigram.sumLogprob(question, " park"), within(1e-9));
            }
            // What the probe asks comes first, then a request for each choice.
            assertThat(server.requests()).hasSize(3 + 6 * 3);
        }
    }

    @Test
    void aServerThatTalksNonsenseIsRefusedBeforeTheRun() {
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.CHANCE_LEVEL)) {
            Cli.Result result = cairn(eval(server.baseUrl(), "--model", "bigram"));
            assertThat(result.status()).isOne();
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).hasLineCount(1).contains("cannot be trusted with scores");
            assertThat(server.requests()).hasSizeLessThan(4);
        }
    }

    /** As in lm-evaluation-harness: the blank before a word belongs to what was written. */
    @Test
    void whatAModelWritesIsComparedWithItsWhiteSpace() {
        task = write("writing.yaml", WRITING);
        items(1);
        json(PEBBLE, "--output_path", output);
        Sample sample = RunFolder.read(output).samplesOf("writing").getFirst();
        String written = ((ModelOutput.Text) sample.output()).text();
        assertThat(written).startsWith(" ");
        for (int right = 0; right < 2; right++) {
            String gold = right == 1 ? written : written.strip();
            write(
                    "places.jsonl",
                    """
                    {"question": "Olga took ball 0 and ran to the", "choices": ["%s"], "answer": 0}
                    """
                            .formatted(gold));
            assertThat(
                            json(PEBBLE)
                                    .path("results")
                                    .path("writing")
                                    .path("exact_match,none")
                                    .asDouble())
                    .isEqualTo(right);
        }
    }

    @Test
    void aTaskThatIsWrittenNeedsNoScores() {
        task = write("writing.yaml", WRITING);
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NO_LOGPROBS)) {
            JsonNode json = json(server.baseUrl(), "--model", "bigram", "--output_path", output);
            assertThat(json.path("results").path("writing").path("exact_match,none").asDouble())
                    .isZero();
            JsonNode request = server.requests().getFirst().json();
            assertThat(request.path("max_tokens").asInt()).isEqualTo(4);
            assertThat(request.path("stop").get(0).asString()).isEqualTo(".");
        }
        Sample sample = RunFolder.read(output).samplesOf("writing").getFirst();
        assertThat(((ModelOutput.Text) sample.output()).text()).hasSizeBetween(1, 4);
        assertThat(json(PEBBLE).path("ledger").path("mean_completion_tokens").asDouble())
                .isBetween(1.0, 4.0);
    }

    @Test
    void anItemThatFailsIsToldAndAskedAgain() {
        try (FakeTeacher server =
                FakeTeacher.start(request ->
                        request.body().contains("ball 3")
                                ? FakeTeacher.error(400, "too spicy")
                                : Bigram.answer(request))) {
            Cli.Result result =
                    cairn(eval(server.baseUrl(), "--model", "bigram", "--output_path", output));
            assertThat(result.status()).isOne();
            assertThat(result.out()).contains("places       0  5       acc");
            assertThat(result.lastError())
                    .contains("1 of 6 items have no score and are not counted")
                    .contains("too spicy")
                    .contains("run again");
        }
        assertThat(samples()).hasSize(5);
        assertThat(RunFolder.read(output).results().failures().getFirst().error())
                .contains("too spicy");
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NONE)) {
            done(eval(server.baseUrl(), "--model", "bigram", "--output_path", output));
            assertThat(server.requests()).hasSize(3 + 3);
        }
        assertThat(samples()).hasSize(6);
        assertThat(RunFolder.read(output).results().failures()).isEmpty();
    }

    @Test
    void aServerThatAlwaysFailsEndsTheRun() {
        items(40);
        try (FakeTeacher server =
                FakeTeacher.start(request ->
                        request.body().contains("ball")
                                ? FakeTeacher.error(400, "no")
                                : Bigram.answer(request))) {
            Cli.Result result = cairn(eval(server.baseUrl(), "--model", "bigram"));
            assertThat(result.status()).isOne();
            assertThat(result.lastError()).contains("task places: 10 items in a row failed");
            assertThat(server.requests()).hasSizeLessThan(3 + 20);
        }
    }

    @Test
    @Tag("process")
    void aKilledRunGoesOnWhereItStopped() throws IOException, InterruptedException {
        items(120);
        Path file = output.resolve("samples_places.jsonl");
        String kept;
        int asked;
        try (FakeTeacher server =
                FakeTeacher.start(request ->
                        request.number() <= 60 ? Bigram.answer(request) : FakeTeacher.hangs())) {
            Process child =
                    Child.start(
                            Map.of(),
                            eval(server.baseUrl(), "--model", "bigram", "--output_path", output)
                                    .toArray());
            server.awaitRequests(45, child);
            assertThat(Child.kill(child)).isEqualTo(Child.KILLED);
            kept = Files.readString(file);
            asked = server.requests().size();
        }
        int lines = Math.toIntExact(kept.chars().filter(c -> c == '\n').count());
        // At most the items on their way are lost, one per thread.
        assertThat(lines).isBetween((asked - 3) / 3 - 4, (asked - 3) / 3);
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NONE)) {
            done(eval(server.baseUrl(), "--model", "bigram", "--output_path", output));
            assertThat(server.requests()).hasSize(3 + 3 * (120 - lines));
        }
        assertThat(Files.readString(file)).startsWith(kept.substring(0, kept.lastIndexOf('\n')));
        assertThat(samples()).extracting(Sample::docId).doesNotHaveDuplicates().hasSize(120);
    }

    @Test
    void aFolderOfAnotherSystemOrTaskIsRefused() {
        done(eval(PEBBLE, "--output_path", output));
        refused("quant was as_stored, now int8", "--quant", "int8");
        refused("task places: num_fewshot was 0, now 1", "--num_fewshot", 1);
        refused(
                "is not among the items of this run; use the same limit as before, or choose another folder for samples (--limit, --output_path)",
                "--limit",
                2);
        Cli.Result other = cairn(eval(stack("other"), "--output_path", output));
        assertThat(other.lastError()).contains("contains samples of another system or task: stage");
        write("places.yaml", PLACES.replace("metric: acc_norm", "metric: acc_bytes"));
        refused("task places: definition was");
        write("places.yaml", PLACES);
        write(
                "places.jsonl",
                "{\"question\": \"Else\", \"choices\": [\"a\", \"b\"], \"answer\": 1}");
        refused("choose another folder for samples (");
    }

    private void refused(String message, Object... more) {
        List<Object> words = eval(PEBBLE, "--output_path", output);
        words.addAll(List.of(more));
        Cli.Result result = cairn(words);
        assertThat(result.status()).isOne();
        assertThat(result.err()).hasLineCount(1).contains(message);
    }

    @Test
    void questionSetsAreKeptInTheSameForm() {
        Path questions =
                write(
                        "asked.jsonl",
                        "{\"prompt\": \"Olga ran to the\", \"completion\": \" park\"}\n"
                                + "{\"prompt\": \"Where is Ben?\", \"completion\": \" home\"}\n");
        Path stack = stack("two");
        Object[] words = {"eval", stack, "--data", questions, "--output_path", output};
        Cli.Result first = cairn(words);
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).startsWith("asked (n = 2)\n").contains("exact match", "two");
        RunFolder.Content content = RunFolder.read(output);
        assertThat(content.results().tasks().getFirst().metrics()).containsKey("exact_match");
        assertThat(content.samplesOf("asked").getFirst().effort().stages()).hasSize(2);
        // The times are in the table: they show that nothing was asked again.
        assertThat(cairn(words).out()).isEqualTo(first.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tasks nowhere                  | 1 | nowhere",
                "--tasks TASK,TASK --data DATA    | 1 | tasks: two of them are named 'places'",
                "--tasks TASK --log_samples       | 2 | --log_samples needs --output_path, the folder for the samples",
                "--tasks TASK --limit 0           | 2 | --limit: expected at least 1, found 0",
                "--tasks TASK --num_fewshot -1    | 2 | --num_fewshot: expected 0 or more, found -1",
                "--tasks TASK --model x           | 2 | --model goes with the address of a server",
                "--tasks TASK --api_key_env X     | 2 | --api_key_env goes with the address",
                "--tasks TASK --report x.html     | 2 | --report is for question sets",
                "--tasks TASK --output x          | 2 | --output goes with a stack's YAML",
                "--tasks TASK more                | 2 | --tasks goes with one system, found 2",
                "--num_fewshot 1 --data x.jsonl   | 2 | --num_fewshot goes with --tasks",
                "--output_path x more --data y    | 2 | --output_path goes with one system, found 2"
            })
    void mistakesAreOneLine(String options, int status, String message) {
        Object[] words =
                ("eval "
                                + PEBBLE
                                + " "
                                + options.replace("TASK", "" + task).replace("DATA", "" + folder))
                        .split(" ");
        Cli.Result result = cairn(words);
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.err()).hasLineCount(1).contains(message);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void mistakesAboutAServerAreOneLine() {
        Cli.Result without = cairn(eval("http://localhost:1/v1"));
        assertThat(without.status()).isEqualTo(2);
        assertThat(without.err()).contains("a server needs --model");
        Cli.Result noKey =
                cairn(
                        eval(
                                "http://localhost:1/v1",
                                "--model",
                                "m",
                                "--api_key_env",
                                "CAIRN_NO_SUCH_KEY"));
        assertThat(noKey.status()).isOne();
        assertThat(noKey.lastError())
                .contains("the environment variable CAIRN_NO_SUCH_KEY is not set");
        Cli.Result gone = cairn(eval("http://localhost:1/v1", "--model", "m"));
        assertThat(gone.lastError()).contains("http://localhost:1/v1: cannot connect");
        Cli.Result questions = cairn("eval", "http://localhost:1/v1", "--data", "x.jsonl");
        assertThat(questions.status()).isEqualTo(2);
        assertThat(questions.err()).contains("question sets are for stacks");
    }
}
