package dev.cairn.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.text.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prompts, candidates and metrics held to real sample logs of lm-evaluation-harness (metabench's
 * ARC and MMLU, Pythia-14M): 645 records with 2,582 log-likelihoods. The bundled tasks are given
 * the logs' records; nothing but the few-shot block of each record is taken from the log.
 */
class LmEvalLogsTest {
    private static final Path LOGS = Path.of("../shared/oracles/lm_eval_logs_pythia-14m");
    private static final Path DATA = Path.of("../shared/data");

    @TempDir private Path folder;

    /** A record of a log and the item that Cairn makes of it. */
    private record Logged(JsonNode record, ChoiceItem item) {}

    @BeforeEach
    void needsTheLogs() {
        assumeTrue(Files.isDirectory(LOGS), "lacks logs of lm-evaluation-harness: " + LOGS);
    }

    @Test
    void everyArcPromptAndCandidateIsTheSameByteForByte() throws IOException {
        List<Logged> all = arc();
        assertThat(all).hasSize(345);
        all.forEach(LmEvalLogsTest::assertSameArguments);
    }

    @Test
    void everyMmluPromptAndCandidateIsTheSameByteForByte() throws IOException {
        List<Logged> all = mmlu();
        assertThat(all).hasSize(300);
        all.forEach(LmEvalLogsTest::assertSameArguments);
    }

    @Test
    void everyMetricIsTheSame() throws IOException {
        Map<String, List<Logged>> all = Map.of("arc_challenge", arc(), "tinyMMLU", mmlu());
        int compared = 0;
        for (Map.Entry<String, List<Logged>> task : all.entrySet()) {
            for (Logged one : task.getValue()) {
                Map<String, Double> metrics =
                        Task.named(task.getKey()).metrics(one.item(), likelihoods(one.record()));
                for (Map.Entry<String, Double> metric : metrics.entrySet()) {
                    JsonNode logged = one.record().required(metric.getKey());
                    assertThat(metric.getValue())
                            .as("%s of %s", metric.getKey(), one.item().id())
                            .isEqualTo(logged.doubleValue());
                    compared++;
                }
            }
        }
        assertThat(compared).isEqualTo(2 * 345 + 300);
    }

    @Test
    void choicesOutsideOfAsciiAndTiesAreAmongTheRecords() throws IOException {
        List<Logged> all = arc();
        assertThat(all.stream().flatMap(one -> one.item().candidates().stream()))
                .anyMatch(c -> c.choice().codePoints().anyMatch(p -> p > 127));
        assertThat(
                        Stream.concat(all.stream(), mmlu().stream())
                                .map(one -> likelihoods(one.record())))
                .anyMatch(LmEvalLogsTest::hasTie);
    }

    /** The five examples of each subject come from the benchmark's own files. */
    @Test
    void mmluFewShotBlocksAreThoseOfTheLogs() throws IOException {
        Path dev = DATA.resolve("benchmarks/mmlu/dev");
        assumeTrue(Files.isDirectory(dev), "lacks MMLU's examples: " + dev);
        Set<String> subjects = new HashSet<>();
        for (Path log : logs("mmlu")) {
            List<JsonNode> records = records(log);
            String yaml =
                    TaskFiles.bundled("tinyMMLU")
                            .replaceFirst("test_file: .*", "test_file: ./items.jsonl");
            List<TaskItem> items =
                    items(yaml, records.stream().map(LmEvalLogsTest::mmluDoc).toList(), 5);
            for (int i = 0; i < records.size(); i++) {
                ChoiceItem item = (ChoiceItem) items.get(i);
                subjects.add(item.kind());
                assertSameArguments(new Logged(records.get(i), item));
            }
        }
        assertThat(subjects).hasSize(46);
    }

    private static boolean hasTie(ItemScores.Likelihoods likelihoods) {
        List<Double> sums =
                likelihoods.candidates().stream().map(Score::sumLogprob).sorted().toList();
        return sums.getLast().equals(sums.get(sums.size() - 2));
    }

    private static ItemScores.Likelihoods likelihoods(JsonNode record) {
        return new ItemScores.Likelihoods(
                record.required("filtered_resps")
                        .valueStream()
                        .map(resp ->
                                new Score(
                                        List.of(0),
                                        List.of(Double.parseDouble(resp.get(0).asString())),
                                        resp.get(1).asString().equals("True")))
                        .toList());
    }

    private static void assertSameArguments(Logged one) {
        List<Candidate> candidates = one.item().candidates();
        JsonNode arguments = one.record().required("arguments");
        assertThat(candidates).hasSize(arguments.size());
        for (int i = 0; i < candidates.size(); i++) {
            JsonNode logged = arguments.required("gen_args_" + i);
            assertThat(candidates.get(i).context()).isEqualTo(logged.required("arg_0").asString());
            assertThat(candidates.get(i).continuation())
                    .isEqualTo(logged.required("arg_1").asString());
        }
        assertThat(one.item().gold())
                .containsExactly(Integer.parseInt(one.record().required("target").asString()));
    }

    private List<Logged> arc() throws IOException {
        String yaml =
                TaskFiles.bundled("arc_challenge")
                                .replaceFirst("test_file: .*", "test_file: ./items.jsonl")
                        + "description: \"{{block}}\"\n";
        return logged("arc", yaml, LmEvalLogsTest::arcDoc);
    }

    private List<Logged> mmlu() throws IOException {
        String yaml =
                TaskFiles.bundled("tinyMMLU")
                        .replaceFirst("test_file: .*", "test_file: ./items.jsonl")
                        .replaceFirst("description: .*", "description: \"{{block}}\"");
        return logged("mmlu", yaml, LmEvalLogsTest::mmluDoc);
    }

    private List<Logged> logged(String name, String yaml, Function<JsonNode, ObjectNode> doc)
            throws IOException {
        List<Logged> all = new ArrayList<>();
        for (Path log : logs(name)) {
            List<JsonNode> records = records(log);
            List<TaskItem> items = items(yaml, records.stream().map(doc).toList(), 0);
            for (int i = 0; i < records.size(); i++) {
                all.add(new Logged(records.get(i), (ChoiceItem) items.get(i)));
            }
        }
        return all;
    }

    private List<TaskItem> items(String yaml, List<ObjectNode> docs, int fewshot)
            throws IOException {
        Files.write(
                folder.resolve("items.jsonl"), docs.stream().map(ObjectNode::toString).toList());
        Path file = Files.writeString(folder.resolve("task.yaml"), yaml);
        return Task.load(file).items(DATA, fewshot, Integer.MAX_VALUE);
    }

    private static ObjectNode arcDoc(JsonNode record) {
        JsonNode doc = record.required("doc");
        JsonNode choices = doc.required("choices");
        ObjectNode own = JsonMapper.shared().createObjectNode();
        own.set("centerpiece", doc.required("question"));
        own.set("options", choices.required("text"));
        List<String> labels =
                choices.required("label").valueStream().map(JsonNode::asString).toList();
        own.putArray("correct_options_idx")
                .add(labels.indexOf(doc.required("answerKey").asString()));
        own.set("block", doc.required("twentyfive_shot_preprompt"));
        return own;
    }

    private static ObjectNode mmluDoc(JsonNode record) {
        JsonNode doc = record.required("doc");
        ObjectNode own = JsonMapper.shared().createObjectNode();
        own.set("subject", doc.required("subject"));
        own.set("question", doc.required("question"));
        own.set("choices", doc.required("choices"));
        own.set("gold", doc.required("answer"));
        own.set("block", doc.required("five_shot_preprompt"));
        return own;
    }

    private static List<Path> logs(String name) throws IOException {
        try (Stream<Path> files = Files.list(LOGS)) {
            return files.filter(file -> file.toString().contains("metabench_" + name)).toList();
        }
    }

    private static List<JsonNode> records(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }
}
