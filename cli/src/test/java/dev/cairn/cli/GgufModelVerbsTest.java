package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.format.Gguf;
import dev.cairn.format.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GGUF files where the verbs take a model's folder. */
@Tag("long")
class GgufModelVerbsTest {
    private static final Path PEBBLE = Path.of("models/pebble");

    @TempDir static Path shared;
    private static Path exact;
    private static Path quantized;

    /** A stack with adapters that were trained on {@link #quantized}. */
    private static Path stack;

    @TempDir Path directory;

    /** The bundled base with the same numbers, and with others. */
    @BeforeAll
    static void export() throws IOException {
        exact = shared.resolve("pebble-exact.gguf");
        quantized = shared.resolve("q8/pebble-q8_0.gguf");
        done("export", PEBBLE, "--gguf", "--output", exact);
        done("export", PEBBLE, "--gguf", "q8_0", "--output", quantized);
        Path folder = Files.createDirectories(shared.resolve("stack"));
        stack = TinyBase.stack(folder, quantized, "count: 60", "count: 12");
        done("train", stack);
    }

    private static Cli.Result done(Object... args) {
        Cli.Result result = cairn(args);
        assertThat(result.status()).as(result.err()).isZero();
        return result;
    }

    @Test
    void aModelScoresTheSameFromEitherKindOfFile() {
        Object[] text = {"--context", "Emma went to", "--continuation", " the park."};

        String folder = done(with("score", PEBBLE, text)).out();

        assertThat(done(with("score", exact, text)).out()).isEqualTo(folder);
        // Eight bits in place of bfloat16: other numbers, but the same model.
        JsonNode q8 = json(with("score", quantized, text));
        JsonNode bf16 = json(with("score", PEBBLE, text));
        assertThat(q8.path("sum_logprob").asDouble())
                .isNotEqualTo(bf16.path("sum_logprob").asDouble())
                .isCloseTo(bf16.path("sum_logprob").asDouble(), within(0.2));
    }

    private static Object[] with(String verb, Path model, Object... rest) {
        Object[] args = Arrays.copyOf(new Object[] {verb, "--model", model}, 3 + rest.length);
        System.arraycopy(rest, 0, args, 3, rest.length);
        return args;
    }

    private static JsonNode json(Object... args) {
        Object[] more = Arrays.copyOf(args, args.length + 1);
        more[args.length] = "--json";
        return JsonMapper.shared().readTree(done(more).out());
    }

    @Test
    void showSaysWhichTypesAFileHolds() {
        assertThat(done("show", quantized).out())
                .startsWith(quantized + "\n  architecture     gpt_neox")
                .containsPattern("dtype +F32 \\([0-9,]+ numbers\\), Q8_0 \\([0-9,]+ numbers\\)\n");
    }

    @Test
    void linearLayersMayBeHeldInAnotherFormat() {
        done(with("score", quantized, "--continuation", "Emma", "--quant", "int8"));
        done(with("score", quantized, "--continuation", "Emma", "--quant", "int4"));
    }

    @Test
    void anExportOfAFileHoldsTheSame() {
        Path again = directory.resolve("again.gguf");

        done("export", exact, "--gguf", "--output", again);

        try (Gguf old = Gguf.open(exact);
                Gguf copy = Gguf.open(again)) {
            assertThat(copy.names()).isEqualTo(old.names());
            for (String name : old.names()) {
                assertThat(copy.entry(name).data().mismatch(old.entry(name).data()))
                        .as(name)
                        .isEqualTo(-1);
            }
            assertThat(copy.texts("tokenizer.ggml.tokens"))
                    .isEqualTo(old.texts("tokenizer.ggml.tokens"));
        }
    }

    @Test
    void anAdapterIsTrainedOnAFileRunOnItAndFusedWithIt() {
        Path adapter = stack.resolveSibling("adapters/focus");
        JsonNode config =
                JsonMapper.shared().readTree(adapter.resolve("adapter_config.json").toFile());
        assertThat(config.path("base_model_name_or_path").stringValue())
                .isEqualTo(quantized.toAbsolutePath().toString());
        assertThat(done("run", stack, "Emma went to the park.").out()).isNotBlank();

        Path fused = directory.resolve("fused");
        done("fuse", adapter, "--output", fused);
        try (Safetensors weights = Safetensors.open(fused)) {
            assertThat(weights.entry("gpt_neox.embed_in.weight").dtype().name()).isEqualTo("F32");
        }
        done(with("score", fused, "--continuation", "Emma"));
        done("export", adapter, "--gguf", "f16", "--output", directory.resolve("fused.gguf"));
    }

    @Test
    void anAdapterForAnotherBaseIsRefusedInALine() {
        Path other = Path.of("core/src/test/resources/goldens/gguf/llama-q8_0.gguf");

        Cli.Result result =
                cairn(
                        List.of("fuse", stack.resolveSibling("adapters/focus"), "--base", other),
                        List.of("--output", directory.resolve("fused")));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("adapter");
    }
}
