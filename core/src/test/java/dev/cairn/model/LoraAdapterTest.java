package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import dev.cairn.format.DType;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoraAdapterTest {
    private static final Kernels KERNELS = Kernels.vector();
    private static final String QKV = "gpt_neox.layers.1.attention.query_key_value";

    private final CausalLm neox = TinyModels.frozen(TinyModels.config("gpt_neox"), KERNELS);
    private final CausalLm llama = TinyModels.frozen(TinyModels.config("llama"), KERNELS);

    @TempDir Path directory;

    @Test
    void aFreshAdapterChangesNothingYet() {
        LoraAdapter adapter = LoraAdapter.fresh(neox, config("query_key_value", "dense"), 1);

        assertThat(adapter.parameters()).allMatch(Parameter::isTrained);
        Logits.assertClose(Logits.of(neox, adapter), Logits.of(neox, null), 0);
    }

    @Test
    void aFreshAdapterFollowsFromItsSeedAndStaysInPeftsBounds() {
        float[] values = firstA(1);

        assertThat(values).isEqualTo(firstA(1)).isNotEqualTo(firstA(2));
        float bound = (float) (1 / Math.sqrt(24));
        for (float value : values) {
            assertThat(value).isBetween(-bound, bound);
        }
    }

    private float[] firstA(long seed) {
        LoraAdapter adapter = LoraAdapter.fresh(neox, config("dense"), seed);
        return adapter.parameters().get(0).value().toFloats();
    }

    @Test
    void savesTheFilesNamesAndShapesOfPeft() {
        LoraAdapter.fresh(neox, config("query_key_value"), 1).save(directory);

        assertThat(directory.resolve("adapter_config.json")).exists();
        try (Safetensors file = Safetensors.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.names())
                    .containsExactly(
                            "base_model.model.gpt_neox.layers.0.attention.query_key_value.lora_A.weight",
                            "base_model.model.gpt_neox.layers.0.attention.query_key_value.lora_B.weight",
                            "base_model.model.gpt_neox.layers.1.attention.query_key_value.lora_A.weight",
                            "base_model.model.gpt_neox.layers.1.attention.query_key_value.lora_B.weight");
            String name = "base_model.model." + QKV;
            assertThat(file.entry(name + ".lora_A.weight").shape()).containsExactly(3, 24);
            assertThat(file.entry(name + ".lora_B.weight").shape()).containsExactly(72, 3);
            assertThat(file.metadata()).containsEntry("format", "pt");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOpenedAdapterIsTheSavedOneToTheLastByte(boolean useRslora) throws IOException {
        LoraAdapter adapter = TinyModels.adapter(llama, 0.1, useRslora);
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        adapter.save(first);
        LoraAdapter opened = LoraAdapter.open(first, llama);
        opened.save(second);

        assertThat(opened.config()).isEqualTo(adapter.config());
        assertThat(opened.parameters()).noneMatch(Parameter::isTrained);
        Logits.assertClose(Logits.of(llama, opened), Logits.of(llama, adapter), 0);
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            assertThat(Files.readAllBytes(second.resolve(name)))
                    .isEqualTo(Files.readAllBytes(first.resolve(name)));
        }
    }

    @Test
    void addsExactlyTheScaledProductOfItsMatrices() {
        PeftConfig config =
                new PeftConfig(
                        "tiny",
                        null,
                        3,
                        5,
                        0,
                        TargetModules.names(QKV),
                        false,
                        Map.of("layers.1.attention.query_key_value", 2),
                        Map.of("query_key_value", 7.0));
        LoraAdapter adapter = LoraAdapter.fresh(neox, config, 1);
        LoraPair pair = Objects.requireNonNull(adapter.pair(QKV));
        assertThat(pair.rank()).isEqualTo(2);
        pair.b().value().set(4, 1, 1);

        CausalLm merged = TinyModels.trained(TinyModels.config("gpt_neox"), KERNELS);
        Tensor weight =
                merged.linears().stream()
                        .filter(linear -> linear.name().equals(QKV))
                        .findFirst()
                        .orElseThrow()
                        .weight()
                        .value();
        for (int c = 0; c < weight.cols(); c++) {
            weight.add(4, c, 7.0 / 2 * pair.a().value().get(1, c));
        }

        // One layer's floats summed in another order, of logits near 1.
        Logits.assertClose(Logits.of(neox, adapter), Logits.of(merged, null), 1e-5);
    }

    @Test
    void anAdapterOfAnotherArchitectureIsRefused() {
        TinyModels.adapter(llama, 0, false).save(directory);

        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(directory.resolve("adapter_model.safetensors").toString())
                .hasMessageContaining("no tensor");
    }

    @Test
    void anAdapterOfALargerBaseIsRefused() {
        TinyModels.adapter(llama, 0, false).save(directory);
        CausalLm wider =
                TinyModels.frozen(TinyModels.config("llama").put("hidden_size", 16), KERNELS);
        CausalLm shorter =
                TinyModels.frozen(TinyModels.config("llama").put("num_hidden_layers", 1), KERNELS);

        assertThatThrownBy(() -> LoraAdapter.open(directory, wider))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("model.layers.0.self_attn.q_proj.lora_A.weight")
                .hasMessageContaining("expected shape [3, 16], found [3, 15]");
        assertThatThrownBy(() -> LoraAdapter.open(directory, shorter))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("model.layers.1.")
                .hasMessageContaining("made for another model");
    }

    /** Writes an adapter that holds whole tensors as well, as PEFT's save_embedding_layers does. */
    private LoraAdapter saved(CausalLm base, SafetensorsTensor... whole) {
        LoraAdapter adapter = TinyModels.adapter(base, 0, false);
        adapter.save(directory);
        List<SafetensorsTensor> tensors = new ArrayList<>(List.of(whole));
        adapter.parameters().forEach(p -> tensors.add(ModelFiles.tensor(p, DType.F32)));
        SafetensorsWriter.write(
                directory.resolve("adapter_model.safetensors"), Map.of("format", "pt"), tensors);
        return adapter;
    }

    private static SafetensorsTensor whole(String module, Tensor value, DType dtype) {
        return ModelFiles.tensor(
                new Parameter("base_model.model." + module + ".weight", value, null), dtype);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void copiesOfTheBasesEmbeddingAndHeadChangeNothing(DType dtype) {
        LoraAdapter adapter =
                saved(
                        neox,
                        whole("gpt_neox.embed_in", embedding(neox), dtype),
                        whole("embed_out", neox.head().weight().value(), dtype));
        LoraAdapter opened = LoraAdapter.open(directory, neox);
        assertThat(opened.size()).isEqualTo(adapter.size());
        Logits.assertClose(Logits.of(neox, opened), Logits.of(neox, adapter), 0);

        saved(llama, whole("lm_head", embedding(llama), dtype));
        LoraAdapter.open(directory, llama);
    }

    private static Tensor embedding(CausalLm base) {
        return base.parameters().getFirst().value();
    }

    @Test
    void anEmbeddingThatWasTrainedTooIsRefusedAsWhatItIs() {
        Tensor changed = F32Tensor.of(embedding(neox).toFloats(), embedding(neox).rows(), 24);
        changed.add(3, 5, 1e-6);
        saved(neox, whole("gpt_neox.embed_in", changed, DType.F32));
        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory.resolve("adapter_model.safetensors")
                                + ": tensor base_model.model.gpt_neox.embed_in.weight: a whole embedding or head, other than the base's; Cairn reads LoRA matrices only, so merge the adapter into its base with PEFT (merge_and_unload) and use the merged model");

        Tensor longer = F32Tensor.of(new float[24 * 13], 13, 24);
        saved(neox, whole("embed_out", longer, DType.F32));
        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(
                        "a whole embedding or head of shape [13, 24], where the base has [11, 24]");
    }

    @Test
    void layersThatDoNotExistAreRefused() {
        assertThatThrownBy(() -> LoraAdapter.fresh(neox, config("q_proj"), 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("lora_target_modules: q_proj matches no layer")
                .hasMessageContaining(
                        "its layers are dense, dense_4h_to_h, dense_h_to_4h, query_key_value");
        assertThatThrownBy(() -> LoraAdapter.fresh(neox, config("dense", "dens"), 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("lora_target_modules: dens matches no layer");
    }

    @Test
    void aPatternThatMatchesNothingIsRefused() {
        PeftConfig misspelt =
                new PeftConfig(
                        "tiny",
                        null,
                        3,
                        5,
                        0,
                        TargetModules.names("dense"),
                        false,
                        Map.of("dense", 4),
                        Map.of("query_key", 7.0));

        assertThatThrownBy(() -> LoraAdapter.fresh(neox, misspelt, 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("query_key matches no layer that carries an adapter")
                .hasMessageContaining("gpt_neox.layers.0.attention.dense");
    }

    @Test
    void aPatternThatTakesTooLongIsTheFaultOfItsFile() throws IOException {
        LoraAdapter.fresh(neox, config("dense"), 1).save(directory);
        Path file = directory.resolve("adapter_config.json");
        String slow = "\"rank_pattern\" : { \".*.*.*.*.*.*!\" : 2 }";
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"rank_pattern\" : \\{ }", slow));

        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": the regular expression ")
                .hasMessageContaining("takes too long to match");
    }

    @Test
    void weightsThatMayRunCodeAreRefused() throws IOException {
        LoraAdapter.fresh(neox, config("dense"), 1).save(directory);
        Files.move(
                directory.resolve("adapter_model.safetensors"),
                directory.resolve("adapter_model.bin"));

        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(directory + ": holds its weights as adapter_model.bin");
    }

    @Test
    void anAdapterOnTheHeadIsRefused() {
        assertThatThrownBy(() -> LoraAdapter.fresh(neox, config("dense", "embed_out"), 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("the output head embed_out cannot carry an adapter");
    }

    @Test
    void aDirectoryWithoutWeightsIsRefused() throws IOException {
        LoraAdapter.fresh(neox, config("dense"), 1).save(directory);
        Files.delete(directory.resolve("adapter_model.safetensors"));

        assertThatThrownBy(() -> LoraAdapter.open(directory, neox))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(directory.resolve("adapter_model.safetensors").toString());
    }

    private static PeftConfig config(String... targets) {
        return PeftConfig.of("tiny", 3, 6, 0, TargetModules.names(targets));
    }
}
