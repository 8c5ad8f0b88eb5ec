package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.format.Safetensors;
import dev.cairn.train.TrainLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainTest {
    private static final String ADAPTER = "adapter_model.safetensors";

    @TempDir private static Path shared;
    private static Path base;
    private static Path stack;

    /** What a run from beginning to end wrote. */
    private static Path trained;

    @TempDir private Path temp;

    @BeforeAll
    static void train() {
        base = TinyBase.in(shared);
        stack = TinyBase.stack(shared, base);
        Cli.Result result = cairn("train", stack);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        trained = shared.resolve("adapters");
    }

    @Test
    void everyStageHasAnAdapterAsPeftWritesIt() throws IOException {
        for (String stage : List.of("focus", "answer")) {
            JsonNode config =
                    JsonMapper.shared()
                            .readTree(
                                    Files.readString(
                                            trained.resolve(stage).resolve("adapter_config.json")));
            assertThat(config.path("peft_type").stringValue()).isEqualTo("LORA");
            assertThat(config.path("task_type").stringValue()).isEqualTo("CAUSAL_LM");
            assertThat(config.path("r").intValue()).isEqualTo(2);
            assertThat(config.path("base_model_name_or_path").stringValue()).endsWith("base");
        }
        assertThat(shapes(trained.resolve("focus").resolve(ADAPTER)))
                .containsAllEntriesOf(
                        Map.of(
                                name(1, "attention.query_key_value", "A"), List.of(2L, 16L),
                                name(1, "attention.query_key_value", "B"), List.of(48L, 2L),
                                name(0, "mlp.dense_4h_to_h", "A"), List.of(2L, 32L),
                                name(0, "mlp.dense_4h_to_h", "B"), List.of(16L, 2L)))
                .hasSize(2 * 4 * 2); // layers, linear layers in each, A and B
    }

    /** {@code models/base} could be somebody's repository on the hub; {@code ./models/base} not. */
    @Test
    void aBaseBelowTheWorkingDirectoryIsNoIdOfTheHub() throws IOException {
        Path here = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "base");
        try (Stream<Path> files = Files.list(base)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, here.resolve(file.getFileName()));
            }
        }
        Path yaml = TinyBase.stack(temp, here, "count: 60", "count: 12");
        assertThat(cairn("train", yaml, "--stage", "focus").status()).isZero();

        JsonNode config =
                JsonMapper.shared()
                        .readTree(temp.resolve("adapters/focus/adapter_config.json").toFile());
        assertThat(config.path("base_model_name_or_path").stringValue()).isEqualTo("./" + here);
    }

    private static String name(int layer, String module, String matrix) {
        return "base_model.model.gpt_neox.layers.%d.%s.lora_%s.weight"
                .formatted(layer, module, matrix);
    }

    private static Map<String, List<Long>> shapes(Path file) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        try (Safetensors tensors = Safetensors.open(file)) {
            for (String name : tensors.names()) {
                shapes.put(name, Arrays.stream(tensors.entry(name).shape()).boxed().toList());
            }
        }
        return shapes;
    }

    @Test
    void theLogHasALineForEveryStepAndTheReportACurveForEveryStage() {
        assertThat(TrainLog.read(trained.resolve("answer")))
                .hasSize(27)
                .allSatisfy(line -> assertThat(line.loss()).isPositive())
                .anySatisfy(line -> assertThat(line.valLoss()).isNotNull());
        assertThat(trained.resolve("report.html"))
                .content()
                .contains("Loss of tiny: focus by step", "Loss of tiny: answer by step")
                .contains("27 steps, best validation loss")
                .endsWith("</html>\n");
    }

    @Test
    void theSameRunTwiceWritesTheSameBytes() throws IOException {
        assertThat(cairn("train", stack, "--output", temp).status()).isZero();
        assertThat(adapters(temp)).isEqualTo(adapters(trained));
    }

    @Test
    @Tag("process")
    void aRunKilledAnywhereGoesOnToTheSameAdapters() throws IOException {
        // In the first stage before its first checkpoint, between the stages, in the last one.
        List<String> moments = List.of("focus: step 2 of", "focus: 27 steps", "answer: step 4 of");
        for (String moment : moments) {
            assertThat(
                            Child.killedAt(
                                    line -> line.startsWith(moment),
                                    "train",
                                    stack,
                                    "--output",
                                    temp,
                                    "--resume"))
                    .as(moment)
                    .isEqualTo(Child.KILLED);
            assertThat(temp.resolve("answer").resolve(ADAPTER)).doesNotExist();
        }
        assertThat(cairn("train", stack, "--output", temp, "--resume").status()).isZero();
        assertThat(adapters(temp)).isEqualTo(adapters(trained));
        assertThat(files(temp)).isEqualTo(files(trained));
        assertThat(TrainLog.read(temp.resolve("focus"))).hasSize(27);
    }

    @Test
    void aFinishedRunStaysAsItIs() throws IOException {
        Map<String, String> before = stamps();
        Cli.Result result = cairn("train", stack, "--resume");
        assertThat(result.status()).isZero();
        assertThat(result.err()).doesNotContain("step 2 of");
        assertThat(stamps()).isEqualTo(before);
    }

    private static Map<String, String> stamps() throws IOException {
        Map<String, String> stamps = new TreeMap<>();
        for (String file : files(trained)) {
            if (!file.equals("report.html")) {
                stamps.put(file, Files.getLastModifiedTime(trained.resolve(file)).toString());
            }
        }
        return stamps;
    }

    @Test
    void adaptersThatAreThereAreNotTouched() throws IOException {
        Map<String, List<Byte>> before = adapters(trained);
        Cli.Result result = cairn("train", stack);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(trained.resolve("focus") + ": contains an adapter", "--resume");
        assertThat(adapters(trained)).isEqualTo(before);
    }

    @Test
    void anAdapterFromElsewhereIsNotTrainedAnew() throws IOException {
        Path focus = Files.createDirectory(temp.resolve("focus"));
        Files.copy(trained.resolve("focus").resolve(ADAPTER), focus.resolve(ADAPTER));
        Cli.Result result = cairn("train", stack, "--output", temp, "--resume");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(focus + ": contains an adapter but no run to continue");
    }

    @Test
    void oneStageAloneIsTheStageOfTheWholeRun() throws IOException {
        assertThat(cairn("train", stack, "--output", temp, "--stage", "answer").status()).isZero();
        assertThat(files(temp))
                .contains("report.html", "answer/" + ADAPTER)
                .noneMatch(f -> f.startsWith("focus"));
        assertThat(temp.resolve("answer").resolve(ADAPTER))
                .hasSameBinaryContentAs(trained.resolve("answer").resolve(ADAPTER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learning_rate: 0.01 | learning_rate: 0.02 | then learning_rate: 0.01, now learning_rate: 0.02",
                "lora_r: 2 | lora_r: 3 | then lora_r: 2, now lora_r: 3",
                "seed: 3, count: 60 | seed: 4, count: 60 | then examples to train on: 54:",
            })
    void aRunIsNotResumedUnderOtherSettings(String from, String to, String difference) {
        Path changed = TinyBase.stack(temp, base, from, to);
        Cli.Result result = cairn("train", changed, "--output", trained, "--resume");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError()).contains("focus/checkpoint.safetensors", difference);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- name: focus | - name: Focus | stages[0].name: expected",
                "prompt: \"{{input}}\\nFocus:\" | prompt: \"{{answer}}\" | stages[0].prompt: {{answer}} is not defined",
                "learning_rate: 0.01 | learning_rat: 0.01 | training.learning_rat: unknown key; did you mean learning_rate?",
                "sequence_len: 128 | sequence_len: 161 | stage focus: sequence_len: expected at most 160",
                "sequence_len: 128 | sequence_len: 5 | 60 set aside, focus: a text in the data has more than the 2 tokens that fit into sequence_len",
                "stories: {seed: 3, count: 60} | path: nothing.jsonl | nothing.jsonl: no such file",
                "stories: {seed: 3, count: 60} | path: empty.jsonl | empty.jsonl: no question in this file",
                "stories: {seed: 3, count: 60} | path: plain.jsonl | stack.yaml: stage focus: question plain-000001: stages[0].target: unknown variable {{focus}}",
                "stories: {seed: 3, count: 60} | {path: plain.jsonl, sample: 5} | stack.yaml: data.sample: expected at most 1, the number of questions in",
                "learning_rate: 0.01 | lora_target_modules: [nose] | stack.yaml: stage focus: lora_target_modules: nose matches no layer",
            })
    void aMistakeIsOneLineAndNothingIsTrained(String from, String to, String message)
            throws IOException {
        TinyBase.write(temp.resolve("empty.jsonl"), "\n");
        TinyBase.write(
                temp.resolve("plain.jsonl"), "{\"input\": \"Where?\", \"answer\": \"here\"}\n");
        Cli.Result result = cairn("train", TinyBase.stack(temp, base, from, to));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).startsWith("cairn: ").contains(message);
        assertThat(result.err()).doesNotContain("internal error");
        assertThat(files(temp)).containsExactly("empty.jsonl", "plain.jsonl", "stack.yaml");
    }

    @Test
    void learnsFromASampleAndTellsWhatWasLeftOut() throws IOException {
        StringBuilder alpaca = new StringBuilder();
        for (String output : List.of("", "a", "b", "c", "d", "e", "e")) {
            alpaca.append("{\"instruction\": \"Spell.\", \"output\": \"%s\"},".formatted(output));
        }
        alpaca.setCharAt(alpaca.length() - 1, ']');
        Path data = TinyBase.write(temp.resolve("alpaca.json"), "[" + alpaca);
        Path sampled =
                TinyBase.stack(
                        temp,
                        base,
                        "stories: {seed: 3, count: 60}",
                        "{path: alpaca.json, sample: 4, seed: 2}",
                        "val_set_size: 6",
                        "val_set_size: 1",
                        "\\nFocus: {{focus}}",
                        "");
        Cli.Result result = cairn("train", sampled, "--stage", "answer");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err().lines())
                .first()
                .isEqualTo(data + ": left out 1 record with an empty output and 1 duplicate of 7");
        assertThat(Files.readString(temp.resolve("adapters/report.html")))
                .containsPattern("<dt>Questions</dt>\\s*<dd>4</dd>");
    }

    @Test
    void aMistakeInTheLastStageShowsBeforeTheFirstIsTrained() throws IOException {
        Path changed =
                TinyBase.stack(
                        temp,
                        base,
                        "Answer:\"\n",
                        "Answer:\"\n    training: {sequence_len: 1000}\n");
        Cli.Result result = cairn("train", changed);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError()).contains("stack.yaml: stage answer: sequence_len");
        assertThat(files(temp)).containsExactly("stack.yaml");
    }

    @Test
    void aMissingBaseOrStageOrDataIsOneLine() {
        Cli.Result noBase = cairn("train", TinyBase.stack(temp, temp.resolve("none")));
        assertThat(noBase.status()).isEqualTo(1);
        assertThat(noBase.err()).hasLineCount(1).contains("none: no such model directory");

        Cli.Result noStage = cairn("train", stack, "--stage", "fcous");
        assertThat(noStage.status()).isEqualTo(1);
        assertThat(noStage.err())
                .hasLineCount(1)
                .contains(
                        "there is no stage fcous to train; the stages to train are: focus, answer");

        Path dataless = TinyBase.stack(temp, base, "data:\n  stories: {seed: 3, count: 60}\n", "");
        Cli.Result noData = cairn("train", dataless);
        assertThat(noData.status()).isEqualTo(1);
        assertThat(noData.err()).hasLineCount(1).contains("stack.yaml: data: missing");
    }

    @Test
    void anOutputThatCannotBeWrittenIsOneLine() {
        Path file = TinyBase.write(temp.resolve("file"), "in the way");
        Cli.Result result = cairn("train", stack, "--output", file);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError()).startsWith("cairn: " + file).contains("cannot write");
        assertThat(result.err()).doesNotContain("\tat ", "internal error");
        assertThat(file).hasContent("in the way");
    }

    @Test
    void withoutAValidationSetTheLastWeightsAreKept() {
        Path changed =
                TinyBase.stack(
                        temp, base, "val_set_size: 6", "val_set_size: 0", "count: 60", "count: 4");
        Cli.Result result = cairn("train", changed);
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("focus: 2 steps, no validation set");
        assertThat(temp.resolve("adapters/answer").resolve(ADAPTER)).exists();
    }

    private static Map<String, List<Byte>> adapters(Path directory) throws IOException {
        Map<String, List<Byte>> bytes = new TreeMap<>();
        for (String file : files(directory)) {
            if (file.contains("adapter_")) {
                List<Byte> list = new ArrayList<>();
                for (byte b : Files.readAllBytes(directory.resolve(file))) {
                    list.add(b);
                }
                bytes.put(file, list);
            }
        }
        assertThat(bytes).hasSize(4);
        return bytes;
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
