package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.cairn.format.DType;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Expected numbers are worked out by hand from the sizes in {@link TinyModels}. */
class ModelSummaryTest {
    @TempDir Path directory;

    @Test
    void countsWhatALlamaHolds() {
        ModelSummary summary = summary(TinyModels.llamaConfig(true), DType.BF16);

        // Per layer: two norms of 15, q 36x15, k and v 12x15, o 15x36, three of 19x15.
        int numbers = 11 * 15 + 2 * (30 + 540 + 2 * 180 + 540 + 3 * 285) + 15;
        assertThat(summary.parameters()).isEqualTo(numbers);
        assertThat(summary.dtypes()).containsExactly(entry("BF16", (long) numbers));
        assertThat(summary.weightBytes()).isEqualTo(2 * numbers);
        // Keys and values of two heads of six floats in two layers.
        assertThat(summary.cacheBytesPerToken()).isEqualTo(2 * 2 * 12 * 4);
    }

    @Test
    void aHeadOfItsOwnCountsAndATiedOneDoesNot() {
        long tied = summary(TinyModels.neoxConfig(true, 0.25, true), DType.F32).parameters();
        long untied = summary(TinyModels.neoxConfig(true, 0.25, false), DType.F32).parameters();

        assertThat(untied - tied).isEqualTo(11 * 24);
    }

    /** Pythia's files hold a mask of four million bytes for every layer. */
    @Test
    void tensorsThatNobodyReadsDoNotCount() {
        ObjectNode config = TinyModels.config("gpt_neox");
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        ModelSummary plain = summary(config, DType.F32);
        List<SafetensorsTensor> tensors = new ArrayList<>(ModelFiles.tensors(model, DType.F32));
        tensors.add(
                SafetensorsTensor.f64("gpt_neox.layers.0.attention.bias", new double[100], 100));
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), tensors);

        assertThat(ModelSummary.of(directory)).isEqualTo(plain);
    }

    @Test
    void anAdapterHasTheSizeItWillHave() {
        ObjectNode config = TinyModels.config("gpt_neox");
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);

        assertThat(summary(config, DType.F32).adapterSize(3)).isEqualTo(adapter.size());
    }

    @Test
    void memoryGrowsWithTokensByWhatATokenNeeds() {
        ModelSummary summary = summary(TinyModels.neoxConfig(true, 0.25, false), DType.F32);

        // Per layer: qkv 24+72, dense 24+24, up 24+37, down 37+24, and two states of 24.
        long floats = 2 * (96 + 48 + 61 + 61 + 48);
        assertThat(summary.activationsPerToken()).isEqualTo(floats);
        assertThat(summary.bytesToTrain(100) - summary.bytesToTrain(0))
                .isEqualTo((long) (1.5 * 4 * 100 * floats));
        assertThat(summary.bytesToRun(100) - summary.bytesToRun(0))
                .isEqualTo(100 * summary.cacheBytesPerToken());
        long adapter = summary.adapterSize(8);
        assertThat(summary.bytesToTrainAdapter(adapter, 100))
                .isLessThan(summary.bytesToTrain(100) + summary.weightBytes())
                .isGreaterThan(summary.bytesToRun(0));
    }

    private ModelSummary summary(ObjectNode config, DType dtype) {
        CausalLm model = TinyModels.frozen(config, Kernels.vector());
        return ModelSummary.of(ModelFiles.write(directory, config, model, dtype));
    }
}
