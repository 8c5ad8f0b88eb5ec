package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.tensor.kernel.Kernels;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every key of a config.json with every kind of value that does not belong there, and damage to any
 * file of a model: it opens and computes, or is refused in one line; memory is never asked for
 * because a number says so.
 */
class HostileModelTest {
    private static final List<String> VALUES =
            List.of(
                    "0",
                    "-1",
                    "1",
                    "2",
                    "2147483646",
                    "2147483647",
                    "2147483648",
                    "9223372036854775808",
                    "1e300",
                    "-0.5",
                    "0.1",
                    "null",
                    "true",
                    "false",
                    "\"\"",
                    "\"x\\ny\"",
                    "[]",
                    "[-1]",
                    "[2147483647]",
                    "{}",
                    "{\"rope_type\": \"llama3\"}");

    @TempDir Path directory;

    static Stream<ObjectNode> models() {
        return Stream.of(
                TinyModels.config("gpt_neox"),
                TinyModels.config("llama"),
                TinyModels.qwenConfig("qwen2"),
                TinyModels.qwenConfig("qwen3"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelOpensOrIsRefused(ObjectNode config) {
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        ModelFiles.write(directory, config, model, DType.F32);
        List<String> keys = new ArrayList<>(config.propertyNames());
        keys.addAll(
                List.of(
                        "rope_theta",
                        "rope_scaling",
                        "rope_parameters",
                        "eos_token_id",
                        "bos_token_id",
                        "hidden_act",
                        "attention_bias",
                        "quantization_config",
                        "use_sliding_window"));
        int refused = 0;
        for (String key : keys) {
            for (String value : VALUES) {
                refused += opens(config, key, value) ? 0 : 1;
            }
        }
        // Sizes, which are most keys, allow one value; nothing is refused for a harmless one.
        assertThat(refused).isGreaterThan(keys.size() * VALUES.size() / 3);
    }

    private boolean opens(ObjectNode config, String key, String value) {
        JsonNode changed = config.deepCopy().set(key, JsonMapper.shared().readTree(value));
        return survives(
                key + " = " + value,
                () -> {
                    Files.writeString(directory.resolve("config.json"), changed.toString());
                    CausalLm model = Models.open(directory);
                    model.forward(ForwardContext.of(model.kernels(), null), Logits.single(0), null);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"r", "lora_alpha", "lora_dropout", "target_modules", "rank_pattern", "bias"})
    void anAdapterOpensOrIsRefused(String key) throws Exception {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        TinyModels.adapter(model, 0, false).save(directory);
        Path file = directory.resolve("adapter_config.json");
        ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(file);
        for (String value : VALUES) {
            Files.writeString(
                    file,
                    config.deepCopy().set(key, JsonMapper.shared().readTree(value)).toString());
            survives(key + " = " + value, () -> LoraAdapter.open(directory, model));
        }
    }

    /** Bytes at the beginning of every file, where JSON and headers are. */
    @ParameterizedTest
    @ValueSource(strings = {"neox-bf16-sharded", "llama3-tied", "qwen3-sharded"})
    @Tag("long")
    void aDamagedModelOpensOrIsRefused(String name) throws Exception {
        Path whole = Path.of("core/src/test/resources/goldens/models").resolve(name);
        SplittableRandom random = new SplittableRandom(name.hashCode());
        List<Path> files = copied(whole);
        files.addAll(copied(whole.resolve("adapter")));
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(Math.min(3000, bytes.length))] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            refused += survives(file + ", round " + round, this::answer) ? 0 : 1;
            Files.write(file, bytes);
        }
        assertThat(refused).isGreaterThan(200);
        assertThat(survives("undamaged", this::answer)).isTrue();
    }

    private void answer() {
        CausalLm model = Models.open(directory);
        LoraAdapter adapter = LoraAdapter.open(directory, model);
        model.forward(ForwardContext.of(model.kernels(), adapter), Logits.single(1, 2), null);
    }

    private List<Path> copied(Path from) throws Exception {
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith("golden.safetensors")) {
                    copies.add(Files.copy(file, directory.resolve(file.getFileName())));
                }
            }
        }
        return copies;
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "generation_config.json", "adapter_config.json"})
    void aFileFarTooLargeIsRefusedUnread(String name) throws Exception {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        ModelFiles.write(directory, TinyModels.config("llama"), model, DType.F32);
        TinyModels.adapter(model, 0, false).save(directory);
        try (RandomAccessFile sparse =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        assertThatThrownBy(this::answer)
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(name + ": expected at most 10000000 bytes, found 3221225472");
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        ObjectNode config = TinyModels.config("llama");
        ModelFiles.write(directory, config, TinyModels.frozen(config, Kernels.vector()), DType.F32);
        Path file = directory.resolve("config.json");
        String json = Files.readString(file).strip();
        String head = json.substring(0, json.length() - 1) + ", \"unknown\": ";

        Files.writeString(file, head + nested(10) + "}");
        assertThat(survives("little nesting", () -> Models.open(directory))).isTrue();
        Files.writeString(file, head + nested(1001) + "}");
        assertThat(survives("nesting", () -> Models.open(directory))).isFalse();
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private interface Opening {
        void run() throws Exception;
    }

    private static boolean survives(String what, Opening opening) {
        boolean[] isOpen = {false};
        assertThatCode(
                        () -> {
                            try {
                                opening.run();
                                isOpen[0] = true;
                            } catch (CairnException e) {
                                assertThat(e.getMessage()).doesNotContain("\n");
                            }
                        })
                .as(what)
                .doesNotThrowAnyException();
        return isOpen[0];
    }
}
