package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.Models;
import dev.cairn.model.weights.Parameter;
import dev.cairn.remote.FakeTeacher;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paper's recipe from the teacher to the answer, on a base small enough for a test. */
@Tag("long")
class RecipeTest {
    private static final Path RECIPE = Path.of("examples/alpaca-pythia/stack.yaml");
    private static final Path TOKENIZER =
            Path.of("core/src/test/resources/gpt-neox-20b/tokenizer.json");
    private static final int RECORDS = 40;

    @TempDir Path folder;

    @Test
    void theWholeRecipeRunsWithATeacherThatMisbehaves() throws IOException {
        base(folder.resolve("base"));
        data(folder.resolve("alpaca_data.json"));
        try (FakeTeacher teacher = FakeTeacher.start(RecipeTest::reply)) {
            Path stack = stack(teacher);
            Cli.Result distilled = Cli.cairn("distill", stack);
            for (int run = 1; run < 5 && distilled.err().contains("still wait"); run++) {
                distilled = Cli.cairn("distill", stack);
            }
            assertThat(distilled.status()).as(distilled.err()).isZero();
            // One record has no output, one is there twice, 30 of the rest are the sample.
            assertThat(distilled.err())
                    .contains("1 record with an empty output")
                    .contains("1 duplicate");
            assertThat(distilled.out()).contains("of 30 questions have a text at every stage");
            int asked = teacher.requests().size();
            assertThat(Cli.cairn("distill", stack).status()).isZero();
            assertThat(teacher.requests()).hasSize(asked);

            Cli.Result trained = Cli.cairn("train", stack);
            assertThat(trained.status()).as(trained.err()).isZero();
            Cli.Result answer = Cli.cairn("run", stack, "Name a colour.", "--json");
            assertThat(answer.status()).as(answer.err()).isZero();
            assertThat(answer.out())
                    .contains("\"keywords\"", "\"context\"", "\"reasoning\"", "\"answer\"");
        }
    }

    /** Keeps the contracts mostly; every eighth request goes wrong, each time in another way. */
    private static FakeTeacher.Reply reply(FakeTeacher.Request request) {
        List<FakeTeacher.Reply> bad =
                List.of(
                        FakeTeacher.error(429, "slow down", "Retry-After-Ms", "1"),
                        FakeTeacher.error(500, "oh", "Retry-After-Ms", "1"),
                        FakeTeacher.closesInBody(),
                        FakeTeacher.html(),
                        FakeTeacher.says(""),
                        FakeTeacher.says("<html><body>Welcome</body></html>"),
                        FakeTeacher.json("nonsense"),
                        FakeTeacher.says("x ".repeat(100_000)));
        if (request.number() % 8 == 3) {
            return bad.get(request.number() / 8 % bad.size());
        }
        String prompt = request.question();
        return FakeTeacher.says(prompt.contains("Copy the three") ? "colour" : "One looks at it.");
    }

    /** The shipped file, with nothing changed but what makes it small and keeps it here. */
    private Path stack(FakeTeacher teacher) throws IOException {
        return TinyBase.write(
                folder.resolve("stack.yaml"),
                TinyBase.changed(
                        Files.readString(RECIPE),
                        "EleutherAI/pythia-160m",
                        folder.resolve("base").toString(),
                        "../../out/alpaca-pythia",
                        "out",
                        "http://localhost:11434/v1",
                        teacher.baseUrl().toString(),
                        "sample: 5000",
                        "sample: 30",
                        "num_epochs: 5",
                        "num_epochs: 1",
                        "val_set_size: 200",
                        "val_set_size: 4"));
    }

    private static void data(Path file) {
        String records =
                IntStream.range(0, RECORDS)
                        .mapToObj(i ->
                                """
                                {"instruction": "Name colour number %d.", "input": "%s", "output": "%s"}
                                """
                                        .formatted(
                                                i % (RECORDS - 1),
                                                i % 2 == 0 ? "" : "red, green",
                                                i == 5 ? "" : "Colour " + i % (RECORDS - 1)))
                        .collect(Collectors.joining(","));
        // The second of the two that are alike must have the same input too.
        TinyBase.write(
                file, "[" + records.replace("\"input\": \"red, green\"", "\"input\": \"\"") + "]");
    }

    /** A GPT-NeoX of two layers with random weights and Pythia's vocabulary. */
    private static void base(Path directory) throws IOException {
        Path config =
                TinyBase.write(
                        directory.resolve("config.json"),
                        """
                        {"architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox",
                         "vocab_size": 50304, "hidden_size": 16, "num_attention_heads": 2,
                         "num_hidden_layers": 2, "intermediate_size": 32, "rotary_pct": 0.25,
                         "max_position_embeddings": 2048, "eos_token_id": 0}
                        """);
        Files.copy(TOKENIZER, directory.resolve("tokenizer.json"));
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                Map.of("format", "pt"),
                Models.fresh(config, 1, Kernels.vector()).parameters().stream()
                        .map(RecipeTest::tensor)
                        .toList());
    }

    /** Checkpoints store a vector with one dimension. */
    private static SafetensorsTensor tensor(Parameter parameter) {
        Tensor value = parameter.value();
        return value.rows() == 1
                ? SafetensorsTensor.f32(parameter.name(), value.toFloats(), value.cols())
                : SafetensorsTensor.f32(
                        parameter.name(), value.toFloats(), value.rows(), value.cols());
    }
}
