package dev.cairn.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.GgmlType;
import dev.cairn.format.Gguf;
import dev.cairn.format.GgufTensor;
import dev.cairn.format.GgufValue;
import dev.cairn.format.GgufWriter;
import dev.cairn.format.Rows;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Logits;
import dev.cairn.model.ModelFiles;
import dev.cairn.model.Models;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models to GGUF and back; against llama.cpp they are held by tools/checks/gguf_llamacpp.py. */
class GgufModelsTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "neox-parallel",
                "neox-sequential-tied",
                "neox-bf16-sharded",
                "llama",
                "llama-biases-f16",
                "llama3-tied",
                "qwen2",
                "qwen3-sharded",
                "granite",
                "granite-biases-tied",
                "smollm2"
            })
    void aModelComesBackAsItWas(String name) {
        Path base = CheckpointTest.GOLDENS.resolve(name);
        There there = there(base, GgmlType.F32);
        Path back = there.andBack();

        try (Safetensors old = Safetensors.open(base);
                Safetensors copy = Safetensors.open(back)) {
            // llama.cpp has no GPT-NeoX without a head of its own.
            Set<String> names = new TreeSet<>(copy.names());
            names.removeIf(one -> one.equals("embed_out.weight") && !old.names().contains(one));
            assertThat(names).isEqualTo(old.names());
            for (String tensor : old.names()) {
                assertThat(copy.entry(tensor).toFloats()).isEqualTo(old.entry(tensor).toFloats());
            }
        }
        CausalLm before = Models.open(base);
        Logits.assertClose(
                Logits.of(Models.open(back), null), Logits.of(before, null), roundOff(name));
        assertThat(Models.open(back).config()).isEqualTo(before.config());
        CausalLm opened = Models.open(there.file());
        Logits.assertClose(Logits.of(opened, null), Logits.of(before, null), roundOff(name));
        assertThat(opened.config()).isEqualTo(before.config());
    }

    /** Narrow weights take another way through the kernels than the same numbers as F32. */
    private static double roundOff(String name) {
        return name.endsWith("16") || name.contains("bf16") ? 1e-5 : 0;
    }

    @Test
    void theScalingOfLlama3IsFoundAgain() {
        Path back = there(CheckpointTest.GOLDENS.resolve("llama3-tied"), GgmlType.F32).andBack();
        JsonNode config = JsonMapper.shared().readTree(back.resolve("config.json").toFile());

        JsonNode scaling = config.path("rope_scaling");
        assertThat(scaling.path("rope_type").asString()).isEqualTo("llama3");
        assertThat(scaling.path("factor").asDouble()).isEqualTo(8);
        assertThat(scaling.path("original_max_position_embeddings").asInt()).isEqualTo(20);
    }

    /** Gains of norms have one added in the file, which takes away their last bit. */
    @Test
    void gemmaComesBackWithItsGainsAsTheyWere() {
        ObjectNode config =
                TinyModels.gemma3Config()
                        .put("num_hidden_layers", 6)
                        .put("sliding_window_pattern", 6)
                        .put("query_pre_attn_scalar", 6);
        assertComesBack(config, 1e-5);

        try (Gguf gguf = Gguf.open(directory.resolve("model.gguf"));
                Safetensors base = Safetensors.open(directory.resolve("base"))) {
            float[] stored = gguf.entry("blk.3.post_ffw_norm.weight").toFloats();
            float[] ours =
                    base.entry("model.layers.3.post_feedforward_layernorm.weight").toFloats();
            for (int i = 0; i < ours.length; i++) {
                assertThat(stored[i]).isEqualTo(1 + ours[i]);
            }
        }
    }

    @Test
    void smolLm3ComesBackWithTheSameLayersTurning() {
        ObjectNode config =
                TinyModels.smolLm3Config()
                        .put("num_hidden_layers", 4)
                        .put("no_rope_layer_interval", 4);
        assertComesBack(config, 0);
    }

    private void assertComesBack(ObjectNode config, double tolerance) {
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        Path base = directory.resolve("base");
        ModelFiles.write(base, config, model, DType.F32);
        CausalLm back = Models.open(there(base, GgmlType.F32).andBack());

        Logits.assertClose(Logits.of(back, null), Logits.of(model, null), tolerance);
    }

    /** What a GGUF file does not say, llama.cpp assumes. */
    @ParameterizedTest
    @ValueSource(strings = {"gemma3", "smollm3"})
    void layersThatLlamaCppWouldComputeOtherwiseAreRefused(String name) {
        assertThatThrownBy(() -> there(CheckpointTest.GOLDENS.resolve(name), GgmlType.F32))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("as llama.cpp computes");
    }

    @Test
    void withoutATypeEachTensorKeepsItsOwn() {
        ObjectNode config = TinyModels.config("gpt_neox");
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        ModelFiles.write(directory, config, model, DType.BF16);
        List<SafetensorsTensor> tensors = new ArrayList<>(ModelFiles.tensors(model, DType.BF16));
        String precise = "gpt_neox.layers.1.attention.dense.weight";
        tensors.replaceAll(t -> t.name().equals(precise) ? f32(model, precise) : t);
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), tensors);
        Path file = directory.resolve("mixed.gguf");

        try (Checkpoint weights = Checkpoint.open(directory, null)) {
            GgufExport.write(file, weights, null, "mixed", Map.of());
        }

        try (Gguf gguf = Gguf.open(file)) {
            assertThat(gguf.entry("blk.1.attn_output.weight").type()).isEqualTo(GgmlType.F32);
            assertThat(gguf.entry("blk.0.attn_output.weight").type()).isEqualTo(GgmlType.BF16);
        }
    }

    private static SafetensorsTensor f32(CausalLm model, String name) {
        return model.parameters().stream()
                .filter(p -> p.name().equals(name))
                .map(p -> ModelFiles.tensor(p, DType.F32))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void otherScalingsAreRefused() {
        There there = there(CheckpointTest.GOLDENS.resolve("llama3-tied"), GgmlType.F32);
        Path file = there.changed(Map.of(), "rope_freqs.weight", 1, 3, 5, 8);

        assertThatThrownBy(() -> there.andBack(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(
                        file + ": tensor 'rope_freqs.weight': expected the factors of Llama 3")
                .hasMessageContaining("Llama 3's rotary scaling");
    }

    @Test
    void settingsThatCairnCannotHonourAreRefusedByName() {
        There there = there(CheckpointTest.GOLDENS.resolve("llama"), GgmlType.F32);
        assertRefused(
                there,
                Map.of("llama.attention.sliding_window", new GgufValue.Uint32(128)),
                "key 'llama.attention.sliding_window': Cairn does not support this setting");
        assertRefused(
                there,
                Map.of("general.architecture", new GgufValue.Text("gemma")),
                "expected one of gptneox, llama, qwen2, qwen3, smollm3, granite, gemma3, found 'gemma'");
        assertRefused(
                there,
                Map.of("llama.rope.dimension_count", new GgufValue.Uint32(2)),
                "key 'llama.rope.dimension_count': expected the size of a head");
        assertRefused(
                there,
                Map.of("llama.attention.value_length", new GgufValue.Uint32(2)),
                "the same as key_length");
        assertRefused(
                there,
                Map.of("llama.block_count", new GgufValue.Uint32(3)),
                "does not hold a complete model");
        assertRefused(
                there,
                Map.of("llama.attention.head_count", new GgufValue.Uint32(1_000_000)),
                "key 'llama.attention.head_count': expected at least");
        assertRefused(
                there,
                Map.of(
                        "llama.attention.key_length", new GgufValue.Uint32(1_000_002),
                        "llama.attention.value_length", new GgufValue.Uint32(1_000_002),
                        "llama.rope.dimension_count", new GgufValue.Uint32(1_000_002)),
                "expected a multiple of 1000002 rows");
        assertRefused(
                there,
                Map.of("llama.embedding_length", new GgufValue.Uint32(7)),
                "tensor 'token_embd.weight': expected shape");
        assertRefused(
                there,
                Map.of("llama.feed_forward_length", new GgufValue.Text("7")),
                "expected a whole number, found STRING");
    }

    @Test
    void tensorsThatTheModelHasNoUseForAreRefused() {
        There llama = there(CheckpointTest.GOLDENS.resolve("llama"), GgmlType.F32);
        assertRefused(
                llama,
                Map.of("llama.block_count", new GgufValue.Uint32(1)),
                "tensor 'blk.1.attn_norm.weight': is not part of a llama model");

        // GPT-NeoX scales no frequencies.
        There neox = there(CheckpointTest.GOLDENS.resolve("neox-parallel"), GgmlType.F32);
        Path file = directory.resolve("neox.gguf");
        try (Gguf gguf = Gguf.open(neox.file())) {
            Map<String, GgufValue> metadata = new TreeMap<>();
            metadata.put("general.architecture", new GgufValue.Text("gptneox"));
            gguf.keys().stream()
                    .filter(key -> key.startsWith("gptneox.") && !key.endsWith("residual"))
                    .forEach(key -> metadata.put(key, There.number(gguf, key)));
            List<GgufTensor> tensors = new ArrayList<>();
            gguf.names().stream()
                    .map(gguf::entry)
                    .map(e -> new GgufTensor(e.name(), e.type(), e.shape(), e))
                    .forEach(tensors::add);
            Rows ones = (row, into) -> Arrays.fill(into, 1);
            tensors.add(new GgufTensor("rope_freqs.weight", GgmlType.F32, new long[] {4}, ones));
            GgufWriter.write(file, metadata, tensors);
        }
        assertThatThrownBy(() -> neox.andBack(file))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        file + ": tensor 'rope_freqs.weight': does not belong to a gptneox model");
    }

    @Test
    void scaledFrequenciesThatLlamaCppWouldIgnoreAreRefused() throws IOException {
        Path base = CheckpointTest.GOLDENS.resolve("qwen2");
        Path scaled = Files.createDirectories(directory.resolve("scaled"));
        Files.copy(base.resolve("model.safetensors"), scaled.resolve("model.safetensors"));
        ObjectNode config =
                (ObjectNode)
                        JsonMapper.shared().readTree(Files.readString(base.resolve("config.json")));
        JsonNode llama =
                JsonMapper.shared()
                        .readTree(
                                CheckpointTest.GOLDENS.resolve("llama3-tied/config.json").toFile());
        config.set("rope_parameters", llama.path("rope_parameters"));
        Files.writeString(scaled.resolve("config.json"), config.toString());

        assertThatThrownBy(() -> there(scaled, GgmlType.F32))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("scaled rotary frequencies is qwen2, which is not supported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama | {\"rope_type\":\"linear\",\"factor\":2.5}",
                "qwen3-sharded | {\"type\":\"linear\",\"factor\":4}",
                "neox-parallel | {\"rope_type\":\"linear\",\"factor\":2}",
                "qwen2 | {\"rope_type\":\"yarn\",\"factor\":2,\"original_max_position_embeddings\":8}",
                "llama | {\"rope_type\":\"yarn\",\"factor\":4}",
                "neox-parallel | {\"rope_type\":\"yarn\",\"factor\":4}",
                "llama | {\"rope_type\":\"dynamic\",\"factor\":4}"
            })
    void linearAndYarnScalingComeBack(String name, String scaling) throws IOException {
        Path scaled = scaled(name, scaling);
        CausalLm before = Models.open(scaled);
        There there = there(scaled, GgmlType.F32);

        Logits.assertClose(
                Logits.of(Models.open(there.andBack()), null), Logits.of(before, null), 0);
        Logits.assertClose(Logits.of(Models.open(there.file()), null), Logits.of(before, null), 0);
        if (!scaling.contains("dynamic")) {
            CausalLm plain = Models.open(CheckpointTest.GOLDENS.resolve(name));
            assertThat(Logits.of(plain, null)).isNotEqualTo(Logits.of(before, null));
        }
    }

    @Test
    void scalingsThatGgufHasNoWordsForAreRefused() throws IOException {
        Path unusual = scaled("llama", "{\"rope_type\":\"yarn\",\"factor\":2,\"beta_fast\":16}");
        assertThatThrownBy(() -> there(unusual, GgmlType.F32))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("rope_scaling: expected YaRN's usual attention_factor");
        There there = there(CheckpointTest.GOLDENS.resolve("llama"), GgmlType.F32);
        assertRefused(
                there,
                Map.of("llama.rope.scaling.type", new GgufValue.Text("longrope")),
                "key 'llama.rope.scaling.type': expected none, linear or yarn, found longrope");
        assertRefused(
                there,
                Map.of("llama.rope.scaling.attn_factor", new GgufValue.Float32(2)),
                "key 'llama.rope.scaling.attn_factor': expected 1");
    }

    /** A golden model with another scaling of its rotary frequencies. */
    private Path scaled(String name, String scaling) throws IOException {
        Path base = CheckpointTest.GOLDENS.resolve(name);
        Path scaled = Files.createDirectories(directory.resolve("scaled"));
        try (Checkpoint weights = Checkpoint.open(base, null)) {
            weights.write(scaled);
        }
        ObjectNode config =
                (ObjectNode)
                        JsonMapper.shared().readTree(Files.readString(base.resolve("config.json")));
        JsonNode own = config.path("rope_parameters");
        ObjectNode other = (ObjectNode) JsonMapper.shared().readTree(scaling);
        for (String key : new String[] {"rope_theta", "partial_rotary_factor"}) {
            if (own.has(key)) {
                other.set(key, own.path(key));
            }
        }
        config.set("rope_scaling", other);
        Files.writeString(scaled.resolve("config.json"), config.toString());
        return scaled;
    }

    /** A config that ties, and a file with two matrices: the file is right, in every form. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "qwen2", "qwen3"})
    void aHeadOfItsOwnComesAlongWhateverTheConfigSays(String type) {
        ObjectNode tied =
                type.equals("gpt_neox")
                        ? TinyModels.neoxConfig(true, 0.25, true)
                        : TinyModels.llamaConfig(true).put("model_type", type);
        ObjectNode untied = tied.deepCopy().put("tie_word_embeddings", false);
        CausalLm model = TinyModels.frozen(untied, Kernels.vector());
        Path base = ModelFiles.write(directory.resolve("base"), tied, model, DType.F32);

        There there = there(base, GgmlType.F32);

        float[] expected = Logits.of(model, null).toFloats();
        assertThat(Logits.of(Models.open(there.file()), null).toFloats()).isEqualTo(expected);
        assertThat(Logits.of(Models.open(there.andBack()), null).toFloats()).isEqualTo(expected);
        TinyModels.adapter(model, 0, false).save(directory.resolve("adapter"));
        FusedModel.write(base, directory.resolve("adapter"), directory.resolve("fused"));
        Logits.assertClose(
                Logits.of(Models.open(directory.resolve("fused")), null),
                Logits.of(model, TinyModels.adapter(model, 0, false)),
                1e-5); // fused in one rounding, beside the base in another
    }

    private static void assertRefused(
            There there, Map<String, GgufValue> changes, String complaint) {
        Path file = there.changed(changes, "");
        assertThatThrownBy(() -> there.andBack(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(complaint);
    }

    @Test
    void rowsThatAreNoWholeBlocksBecomeF16() {
        There there = there(CheckpointTest.GOLDENS.resolve("qwen2"), GgmlType.Q8_0);

        try (Gguf gguf = Gguf.open(there.file())) {
            assertThat(there.fallbacks()).contains("blk.0.attn_q.weight");
            for (String name : gguf.names()) {
                Gguf.Entry entry = gguf.entry(name);
                GgmlType expected =
                        entry.shape().length == 1
                                ? GgmlType.F32
                                : entry.columns() % 32 == 0 ? GgmlType.Q8_0 : GgmlType.F16;
                assertThat(entry.type()).as(name).isEqualTo(expected);
                assertThat(there.fallbacks().contains(name)).isEqualTo(expected == GgmlType.F16);
            }
        }
    }

    /** A model on its way. */
    private record There(Path directory, Path file, List<String> fallbacks) {
        Path andBack() {
            return andBack(file);
        }

        Path andBack(Path from) {
            Path back = directory.resolve("back");
            try (Checkpoint weights = Checkpoint.open(from, null)) {
                weights.write(back);
                GgufCompanions.writeConfig(from, back);
            }
            return back;
        }

        /** The same file with other keys, and one tensor of other numbers. */
        Path changed(Map<String, GgufValue> keys, String tensor, float... numbers) {
            Path changed = directory.resolve("changed.gguf");
            try (Gguf gguf = Gguf.open(file)) {
                Map<String, GgufValue> metadata = new TreeMap<>();
                metadata.put("general.architecture", new GgufValue.Text("llama"));
                for (String key : gguf.keys()) {
                    if (key.startsWith("llama.")) {
                        metadata.put(key, number(gguf, key));
                    }
                }
                metadata.putAll(keys);
                List<GgufTensor> tensors =
                        gguf.names().stream()
                                .map(gguf::entry)
                                .map(e ->
                                        new GgufTensor(
                                                e.name(),
                                                e.type(),
                                                e.shape(),
                                                e.name().equals(tensor)
                                                        ? (row, into) ->
                                                                System.arraycopy(
                                                                        numbers, 0, into, 0, 4)
                                                        : e))
                                .toList();
                GgufWriter.write(changed, metadata, tensors);
            }
            return changed;
        }

        private static GgufValue number(Gguf gguf, String key) {
            double value = gguf.number(key);
            return value == Math.rint(value)
                    ? new GgufValue.Uint32((long) value)
                    : new GgufValue.Float32((float) value);
        }
    }

    private There there(Path base, GgmlType type) {
        Path file = directory.resolve("model.gguf");
        Map<String, GgufValue> tokens = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(base, null)) {
            putId(tokens, "bos", checkpoint.config().tokenIds("bos_token_id"));
            putId(tokens, "eos", checkpoint.config().tokenIds("eos_token_id"));
            List<String> fallbacks = GgufExport.write(file, checkpoint, type, "model", tokens);
            return new There(directory, file, fallbacks);
        }
    }

    private static void putId(Map<String, GgufValue> tokens, String kind, Set<Integer> ids) {
        ids.stream()
                .findFirst()
                .map(GgufValue.Uint32::new)
                .ifPresent(id -> tokens.put("tokenizer.ggml." + kind + "_token_id", id));
    }
}
