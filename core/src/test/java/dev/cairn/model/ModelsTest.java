package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.weights.Parameter;
import dev.cairn.support.AtomicFiles;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelsTest {
    private static final Kernels SCALAR = Kernels.scalar(Precision.F32);

    @TempDir Path directory;
    private ObjectNode config;
    private CausalLm model;

    @BeforeEach
    void makeModel() {
        config = TinyModels.config("gpt_neox");
        model = TinyModels.frozen(config, SCALAR);
    }

    /** Tolerance: fast and readable kernels add in another order; the logits are near 1. */
    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({
        "gpt_neox, F32",
        "gpt_neox, BF16",
        "gpt_neox, F16",
        "llama, F32",
        "llama, BF16",
        "llama, F16"
    })
    void computesWithExactlyTheWeightsOnDisk(String type, DType dtype) {
        ObjectNode either = TinyModels.config(type);
        CausalLm rounded = TinyModels.frozen(either, SCALAR);
        ModelFiles.write(directory, either, rounded, dtype);
        ModelFiles.round(rounded, dtype);

        Logits.assertClose(Logits.of(Models.open(directory), null), Logits.of(rounded, null), 1e-5);
    }

    /** The others train as they answer: in bfloat16 where the processor multiplies that faster. */
    @Test
    void aQuantisedBaseTrainsInFloat32() {
        Path quantised = Path.of("core/src/test/resources/goldens/gguf/llama-q8_0.gguf");
        Path other = ModelFiles.write(directory, config, model, DType.BF16);

        assertThat(isInFloat32(Models.openBase(quantised))).isTrue();
        assertThat(isInFloat32(Models.openBase(other))).isEqualTo(isInFloat32(Models.open(other)));
    }

    private static boolean isInFloat32(CausalLm model) {
        return model.kernels().inFloat32() == model.kernels();
    }

    @Test
    void aShardedModelIsTheSameModel() {
        Path whole = ModelFiles.write(directory.resolve("whole"), config, model, DType.F32);
        Path shards = ModelFiles.writeShards(directory.resolve("shards"), config, model);

        Logits.assertClose(
                Logits.of(Models.open(shards), null), Logits.of(Models.open(whole), null), 0);
    }

    @Test
    void aTrainableCopyIsTheSameModelAndHasGradients() {
        ModelFiles.write(directory, config, model, DType.F32);
        CausalLm trainable = Models.openTrainable(directory, SCALAR);

        assertThat(trainable.parameters()).allMatch(Parameter::isTrained);
        Logits.assertClose(Logits.of(trainable, null), Logits.of(model, null), 0);
    }

    @Test
    void aFreshModelFollowsFromItsSeedAlone() throws Exception {
        Path file = directory.resolve("config.json");
        Files.writeString(file, config.toString());

        List<Parameter> one = Models.fresh(file, 5, SCALAR).parameters();
        List<Parameter> same = Models.fresh(file, 5, SCALAR).parameters();
        List<Parameter> other = Models.fresh(file, 6, SCALAR).parameters();

        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).value().toFloats()).isEqualTo(same.get(i).value().toFloats());
        }
        assertThat(one.get(0).value().toFloats()).isNotEqualTo(other.get(0).value().toFloats());
    }

    private static List<ObjectNode> tiedConfigs() {
        return List.of(
                TinyModels.neoxConfig(true, 0.25, true),
                TinyModels.llamaConfig(true),
                TinyModels.qwenConfig("qwen2"),
                TinyModels.qwenConfig("qwen3"));
    }

    /**
     * As transformers 5 does: two different matrices in the file are not tied, whatever config.json
     * says.
     */
    @ParameterizedTest
    @MethodSource("tiedConfigs")
    void aHeadThatTheFileHoldsCounts(ObjectNode tied) {
        ObjectNode untied = tied.deepCopy().put("tie_word_embeddings", false);
        CausalLm two = TinyModels.frozen(untied, SCALAR);
        Path said = ModelFiles.write(directory.resolve("said"), tied, two, DType.F32);
        Path twin = ModelFiles.write(directory.resolve("twin"), untied, two, DType.F32);

        Logits.assertClose(
                Logits.of(Models.open(said), null), Logits.of(Models.open(twin), null), 0);
        CausalLm one = TinyModels.frozen(tied, SCALAR);
        assertThat(Logits.of(one, null)).isNotEqualTo(Logits.of(two, null));
    }

    @ParameterizedTest
    @MethodSource("tiedConfigs")
    void aSharedMatrixMayBeStoredUnderTheHeadsNameAlone(ObjectNode tied) {
        CausalLm one = TinyModels.frozen(tied, SCALAR);
        Path usual = ModelFiles.write(directory.resolve("usual"), tied, one, DType.F32);
        Path odd = directory.resolve("odd");
        AtomicFiles.writeString(odd.resolve("config.json"), tied.toString());
        Parameter shared = one.parameters().getFirst();
        List<SafetensorsTensor> tensors = new ArrayList<>(ModelFiles.tensors(one, DType.F32));
        tensors.set(
                0,
                ModelFiles.tensor(
                        new Parameter(one.head().name() + ".weight", shared.value(), null),
                        DType.F32));
        SafetensorsWriter.write(odd.resolve("model.safetensors"), Map.of(), tensors);

        Logits.assertClose(
                Logits.of(Models.open(odd), null), Logits.of(Models.open(usual), null), 0);
        assertThat(ModelSummary.of(odd).parameters())
                .isEqualTo(ModelSummary.of(usual).parameters());
        assertThat(Models.stored(odd).names()).isEqualTo(Models.stored(usual).names());
    }

    @Test
    void parametersCarryTheNamesOfTheCheckpoint() {
        assertThat(model.parameters().stream().map(Parameter::name))
                .hasSize(1 + 2 * 12 + 2 + 1)
                .startsWith(
                        "gpt_neox.embed_in.weight",
                        "gpt_neox.layers.0.input_layernorm.weight",
                        "gpt_neox.layers.0.input_layernorm.bias",
                        "gpt_neox.layers.0.attention.query_key_value.weight")
                .endsWith("gpt_neox.final_layer_norm.bias", "embed_out.weight");
        assertThat(TinyModels.frozen(TinyModels.llamaConfig(true), SCALAR).parameters())
                .hasSize(1 + 2 * 9 + 1)
                .extracting(Parameter::name)
                .doesNotContain("lm_head.weight");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"mamba\" | model_type is mamba | gpt_neox or llama",
                "model_type | null | model_type: expected a string | found null",
                "hidden_act | \"gelu_new\" | hidden_act is gelu_new | expected gelu",
                "hidden_size | \"24\" | hidden_size: expected a whole number | found \"24\"",
                "hidden_size | 0 | hidden_size: expected a whole number above 0 | found 0",
                "num_attention_heads | 5 | num_attention_heads: expected a divisor of hidden_size 24"
                        + " | found 5",
                "rotary_pct | 0.4 | rotary_pct: expected an even number of rotary values | found 0.4",
                "rotary_pct | 1.5 | rotary_pct: expected a share between 0 and 1 | found 1.5",
                "rope_scaling | {\"type\":\"linear\",\"factor\":0.5} | rope_scaling: expected"
                        + " | a factor of at least 1",
                "rope_scaling | {\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,"
                        + "\"high_freq_factor\":1,\"original_max_position_embeddings\":8}"
                        + " | rope_scaling: expected a high_freq_factor above | found",
                "quantization_config | {\"bits\":4} | quantization_config: expected weights that are"
                        + " not quantised | found {\"bits\":4}",
                "rope_scaling | 2 | rope_scaling: expected an object | found 2",
                "rope_parameters | {\"rope_type\":\"longrope\"} | rope_parameters.rope_type is longrope"
                        + " | expected default",
                "eos_token_id | [\"x\"] | eos_token_id: expected a token id | found [\"x\"]",
                "tie_word_embeddings | 1 | tie_word_embeddings: expected true or false | found 1"
            })
    void aConfigItCannotHonourIsRefusedByFileAndKey(
            String key, String value, String what, String expected) {
        config.set(key, JsonMapper.shared().readTree(value));
        ModelFiles.write(directory, config, model, DType.F32);

        assertRefused(directory.resolve("config.json").toString(), what, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "hidden_act, \"gelu\", hidden_act is gelu, expected silu",
        "num_key_value_heads, 4, num_key_value_heads, a divisor of num_attention_heads 6",
        "head_dim, 7, head_dim, an even number",
        "partial_rotary_factor, 0.5, partial_rotary_factor is 0.5, expected 1.0"
    })
    void soIsOneOfLlama(String key, String value, String what, String expected) {
        config = TinyModels.config("llama");
        config.set(key, JsonMapper.shared().readTree(value));
        ModelFiles.write(directory, config, TinyModels.frozen(config(), SCALAR), DType.F32);

        assertRefused(directory.resolve("config.json").toString(), what, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "use_sliding_window, true, use_sliding_window is true, expected false",
        "num_key_value_heads, null, num_key_value_heads, expected a whole number above 0"
    })
    void soIsOneOfQwen(String key, String value, String what, String expected) {
        config = TinyModels.qwenConfig("qwen2");
        CausalLm qwen = TinyModels.frozen(config, SCALAR);
        config.set(key, JsonMapper.shared().readTree(value));
        ModelFiles.write(directory, config, qwen, DType.F32);

        assertRefused(directory.resolve("config.json").toString(), what, expected);
    }

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "gemma3_text | hidden_activation | \"silu\" | is silu | expected gelu_pytorch_tanh",
                "gemma3_text | final_logit_softcapping | 30.0 | is 30.0 | expected null",
                "gemma3_text | attn_logit_softcapping | 50.0 | is 50.0 | expected null",
                "gemma3_text | use_bidirectional_attention | true | is true | expected false",
                "gemma3_text | sliding_window | null | expected a whole number above 0 | null",
                "gemma3_text | sliding_window | 0 | expected a whole number above 0 | found 0",
                "gemma3_text | query_pre_attn_scalar | 0 | expected a number above 0 | found 0",
                "gemma3_text | layer_types | [\"full_attention\"] | a type for each of 2 layers | [",
                "gemma3_text | layer_types | [1, 2] | expected a list of strings | found [1,2]",
                "gemma3_text | layer_types | [\"chunked_attention\", \"full_attention\"]"
                        + " | is chunked_attention | expected sliding_attention or full_attention",
                "smollm3 | no_rope_layers | [1] | 0 or 1 for each of 2 layers | found [1]",
                "smollm3 | no_rope_layers | [1, 2] | 0 or 1 for each of 2 layers | found [1,2]",
                "smollm3 | use_sliding_window | true | is true | expected false",
                "granitemoehybrid | num_local_experts | 62 | is 62 | expected 0",
                "granitemoehybrid | num_local_experts | null | is null | expected 0",
                "granitemoehybrid | layer_types | [\"attention\", \"mamba\"] | is mamba"
                        + " | expected attention or full_attention",
                "granitemoehybrid | layer_types | null | a type for each of 2 layers | found null",
                "granitemoehybrid | position_embedding_type | \"alibi\" | is alibi | rope or nope",
                "granitemoehybrid | logits_scaling | 0 | expected a number above 0 | found 0",
                "granitemoehybrid | shared_intermediate_size | null | expected a whole number | null"
            })
    void soIsWhatAFamilyMayDeclareAndCairnCannotHonour(
            String type, String key, String value, String what, String expected) {
        config = TinyModels.config(type);
        CausalLm valid = TinyModels.frozen(config, SCALAR);
        config.set(key, JsonMapper.shared().readTree(value));
        ModelFiles.write(directory, config, valid, DType.F32);

        assertRefused(directory.resolve("config.json").toString(), key, what, expected);
    }

    /** Granite 4's hybrid files say "nope", transformers also null. */
    @Test
    void granite4WithoutAPositionEmbeddingHasNone() {
        ObjectNode none = TinyModels.granite4Config("nope");
        Tensor said = Logits.of(TinyModels.frozen(none, SCALAR), null);
        none.putNull("position_embedding_type");

        Logits.assertClose(Logits.of(TinyModels.frozen(none, SCALAR), null), said, 0);
    }

    /** Chat models name there what ends a turn, and config.json only what ends a text. */
    @Test
    void theTokensThatEndATextAreThoseOfTheGenerationConfigInItsOrder() throws Exception {
        ModelFiles.write(directory, config.put("eos_token_id", 3), model, DType.F32);
        assertThat(Models.open(directory).config().eosIds()).containsExactly(3);
        Path generation = directory.resolve("generation_config.json");

        Files.writeString(generation, "{\"eos_token_id\": [7, 3, 5]}");
        assertThat(Models.open(directory).config().eosIds()).containsExactly(7, 3, 5);

        Files.writeString(generation, "{}");
        assertThat(Models.open(directory).config().eosIds()).containsExactly(3);

        Files.writeString(generation, "{\"eos_token_id\": \"x\"}");
        assertRefused("eos_token_id: expected a token id");
    }

    private static ObjectNode config() {
        return TinyModels.config("llama");
    }

    @Test
    void aMissingTensorIsNamed() {
        write(tensors -> {
            tensors.removeIf(t -> t.name().endsWith("1.mlp.dense_4h_to_h.bias"));
            return tensors;
        });

        assertRefused(
                directory.toString(), "no tensor", "gpt_neox.layers.1.mlp.dense_4h_to_h.bias");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() {
        config.put("intermediate_size", 38);
        ModelFiles.write(directory, config, model, DType.F32);

        assertRefused(
                directory.resolve("model.safetensors").toString(),
                "gpt_neox.layers.0.mlp.dense_h_to_4h.weight",
                "expected shape [38, 24], found [37, 24]");
    }

    @Test
    void aTensorOfAnotherTypeIsNamed() {
        write(tensors -> {
            tensors.set(0, SafetensorsTensor.f64(tensors.get(0).name(), new double[264], 11, 24));
            return tensors;
        });

        assertRefused(
                directory.resolve("model.safetensors").toString(),
                "gpt_neox.embed_in.weight",
                "F64, expected F32, F16 or BF16");
    }

    @Test
    void tensorsOfOlderCheckpointsThatNobodyReadsAreNoHindrance() {
        write(tensors -> {
            tensors.add(
                    SafetensorsTensor.f32(
                            "gpt_neox.layers.0.attention.rotary_emb.inv_freq", new float[1], 1));
            return tensors;
        });

        Logits.assertClose(Logits.of(Models.open(directory), null), Logits.of(model, null), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "\"gpt_neox\""})
    void aBrokenConfigIsRefused(String json) throws Exception {
        ModelFiles.write(directory, config, model, DType.F32);
        Files.writeString(directory.resolve("config.json"), json);

        assertRefused(directory.resolve("config.json").toString());
    }

    @Test
    void aDirectoryWithoutAModelIsRefused() {
        assertRefused(directory.resolve("config.json").toString(), "not found");
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> Models.open(missing))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(missing + ": no such model directory");
    }

    @Test
    void anAdapterIsNotTakenForAModel() {
        TinyModels.adapter(model, 0, false).save(directory);

        assertRefused(directory + ": expected a model, found an adapter", "cairn fuse");
    }

    private void write(UnaryOperator<List<SafetensorsTensor>> change) {
        ModelFiles.write(directory, config, model, DType.F32);
        List<SafetensorsTensor> tensors = new ArrayList<>(ModelFiles.tensors(model, DType.F32));
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), Map.of(), change.apply(tensors));
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> Models.open(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
