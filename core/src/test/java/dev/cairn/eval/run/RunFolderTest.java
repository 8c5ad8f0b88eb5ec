package dev.cairn.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.task.Candidate;
import dev.cairn.eval.task.ChoiceItem;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.Sha256;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is kept of an evaluation comes back as it was, and damage is named. */
class RunFolderTest {
    private static final Path LOGS = Path.of("../shared/oracles/lm_eval_logs_pythia-14m");
    private static final JsonNode DOC = JsonMapper.shared().createObjectNode().put("q", "é?");

    private static final StageTrace STAGE =
            new StageTrace(
                    new StageTrace.Identity("s", "first", "base", "none"),
                    "prompt\n",
                    "out",
                    FinishReason.STOP,
                    new StageTrace.Tokens(7, 0, 3, List.of("a", "b"), List.of(-0.5, -0.25)),
                    new StageTrace.Timing(1.5, 2.5),
                    SamplingParams.GREEDY);

    @TempDir private Path folder;

    private static TaskItem item(int id, String kind) {
        return new ChoiceItem(
                "i" + id,
                id,
                kind,
                DOC,
                List.of(new Candidate("c" + id, " a", "a"), new Candidate("c" + id, " b", "b")),
                Set.of(1));
    }

    private static TaskRun taskRun(int count) {
        return new TaskRun(
                "task/one",
                2,
                IntStream.range(0, count).mapToObj(i -> item(i, i < 2 ? "x" : "y")).toList(),
                9,
                (item, scores) -> new TreeMap<>(),
                JsonMapper.shared().createObjectNode().put("task", "task/one"),
                Optional.empty());
    }

    private static Sample sample(TaskItem item) {
        return Sample.of(
                item,
                new ModelOutput.Likelihoods(
                        List.of(
                                new ModelOutput.Likelihood(-1.0 / 3, true),
                                new ModelOutput.Likelihood(-2e-7 - item.docId(), false))),
                new TreeMap<>(Map.of("acc", item.docId() % 2.0, "exact_match,strict", 1.0)),
                new Effort(12.5, 3.25, 7, 3, 1, List.of(STAGE)));
    }

    private RunFolder open(TaskRun taskRun) {
        return RunFolder.open(folder, new TreeMap<>(Map.of("base", "b1")), List.of(taskRun));
    }

    private TaskOutcome keep(TaskRun taskRun) {
        RunFolder runs = open(taskRun);
        List<Sample> samples = taskRun.items().stream().map(RunFolderTest::sample).toList();
        TaskOutcome run =
                new TaskOutcome(
                        taskRun,
                        samples,
                        List.of(new ItemFailure("task/one", 8, "i8", "too long")));
        try (SampleLog log = runs.samples(taskRun)) {
            samples.reversed().forEach(log::add);
        }
        runs.write(results(run));
        return run;
    }

    private static RunResults results(TaskOutcome run) {
        return RunResults.of(
                new SystemFacts("sys", 100L, 10L, null, null, true),
                "stack",
                new TreeMap<>(Map.of("stack", "s.yaml")),
                List.of(run),
                Instant.ofEpochMilli(1_700_000_000_123L),
                12345L);
    }

    @Test
    void samplesAndResultsComeBackAsTheyWereAndInOrder() {
        TaskOutcome run = keep(taskRun(3));
        RunFolder.Content content = RunFolder.read(folder);
        assertThat(content.samplesOf("task/one")).isEqualTo(run.samples());
        assertThat(content.results().usage()).isEqualTo(results(run).usage());
        assertThat(content.results().toJson()).isEqualTo(results(run).toJson());
        TaskResult result = content.results().tasks().getFirst();
        assertThat(result.original()).isEqualTo(9);
        assertThat(result.metrics())
                .hasEntrySatisfying("acc", acc -> assertThat(acc.mean()).isEqualTo(1.0 / 3));
        assertThat(result.failures()).isEqualTo(run.failures());
    }

    @Test
    void sortsOfItemsAreSubtasks() {
        JsonNode json = JsonMapper.shared().readTree(results(keep(taskRun(3))).toJson());
        assertThat(json.path("group_subtasks").path("task/one"))
                .extracting(JsonNode::asString)
                .containsExactly("task/one_x", "task/one_y");
        JsonNode x = json.path("results").path("task/one_x");
        assertThat(x.path("acc,none").asDouble()).isEqualTo(0.5);
        assertThat(x.path("exact_match_stderr,strict").asDouble()).isZero();
        // One item alone has no standard error.
        assertThat(json.path("results").path("task/one_y").path("acc_stderr,none").asString())
                .isEqualTo("N/A");
    }

    @Test
    void anotherRunFindsWhatIsThere() {
        keep(taskRun(3));
        TaskRun more = taskRun(5);
        try (SampleLog log = open(more).samples(more)) {
            assertThat(more.items().stream().filter(item -> log.find(item).isPresent()))
                    .extracting(TaskItem::id)
                    .containsExactly("i0", "i1", "i2");
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        keep(taskRun(3));
        assertThatThrownBy(() ->
                        RunFolder.open(
                                folder, new TreeMap<>(Map.of("base", "b2")), List.of(taskRun(3))))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        folder
                                + ": contains samples of another system or task: base was b1, now b2; choose another folder for samples");
        assertThatThrownBy(() -> open(taskRun(2)).samples(taskRun(2)))
                .hasMessageContaining("item i2 is not among the items of this run");
        Path file = folder.resolve("samples_task_one.jsonl");
        String all = Files.readString(file);
        AtomicFiles.writeString(file, all.replace("\"c1\"", "\"c9\""));
        assertThatThrownBy(() -> open(taskRun(3)).samples(taskRun(3)))
                .hasMessageContaining("item i1 was asked differently before");
        AtomicFiles.writeString(file, all.replaceFirst("\"filtered_resps\"", "\"other\""));
        assertThatThrownBy(() -> open(taskRun(3)).samples(taskRun(3)))
                .hasMessageContaining("samples_task_one.jsonl:1: not a line written by cairn eval");
        AtomicFiles.writeString(file, all.lines().findFirst().orElseThrow() + "\n");
        assertThatThrownBy(() -> RunFolder.read(folder))
                .hasMessageContaining("expected the 3 samples that results.json counts, found 1");
    }

    @Test
    void aFolderWithoutResultsIsNamed() {
        assertThatThrownBy(() -> RunFolder.read(folder))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(folder + ": has no results.json");
        AtomicFiles.writeString(folder.resolve("results.json"), "{\"results\": {}}");
        assertThatThrownBy(() -> RunFolder.read(folder))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("results.json: not a file written by cairn eval");
    }

    @Test
    void recordsAndPromptsHaveTheHashesOfLmEval() throws IOException {
        assumeTrue(Files.isDirectory(LOGS), "lacks logs of lm-evaluation-harness: " + LOGS);
        int seen = 0;
        try (Stream<Path> files = Files.list(LOGS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode json = JsonMapper.shared().readTree(line);
                    String prompt =
                            json.path("arguments").path("gen_args_0").path("arg_0").asString();
                    assertThat(Hashes.of(json.path("doc")))
                            .isEqualTo(json.path("doc_hash").asString());
                    assertThat(Sha256.of(prompt).hex())
                            .isEqualTo(json.path("prompt_hash").asString());
                    assertThat(Sha256.of(json.path("target").asString()).hex())
                            .isEqualTo(json.path("target_hash").asString());
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(500);
    }
}
