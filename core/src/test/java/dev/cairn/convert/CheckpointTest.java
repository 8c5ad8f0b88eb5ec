package dev.cairn.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.Safetensors;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Logits;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.LoraPair;
import dev.cairn.model.Models;
import dev.cairn.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters in their bases, for models of every family that PyTorch and PEFT made. */
class CheckpointTest {
    static final Path GOLDENS = Path.of("core/src/test/resources/goldens/models");

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "neox-parallel",
                "neox-sequential-tied",
                "llama",
                "llama3-tied",
                "qwen2",
                "qwen3-sharded"
            })
    void theFusedModelSaysWhatBaseAndAdapterSay(String name) throws IOException {
        Path base = GOLDENS.resolve(name);
        fuse(base);

        CausalLm model = Models.open(base);
        Tensor expected = Logits.of(model, LoraAdapter.open(base.resolve("adapter"), model));

        // Logits are below 10, where floats are 1e-6 apart; sums differ in order.
        Logits.assertClose(Logits.of(Models.open(directory), null), expected, 1e-5);
        assertThat(Logits.of(model, null).toFloats()).isNotEqualTo(expected.toFloats());
    }

    @ParameterizedTest
    @ValueSource(strings = {"neox-bf16-sharded", "llama-biases-f16", "smollm2"})
    void aNarrowBaseLosesNoMoreThanItsRounding(String name) throws IOException {
        Path base = GOLDENS.resolve(name);
        fuse(base);

        CausalLm model = Models.open(base);
        Tensor expected = Logits.of(model, LoraAdapter.open(base.resolve("adapter"), model));

        // BF16 keeps 8 binary digits, so that weights move by up to 0.4 %; logits are below 3, and
        // the moves of hundreds of weights largely cancel out.
        Logits.assertClose(Logits.of(Models.open(directory), null), expected, 0.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"neox-bf16-sharded", "llama-biases-f16", "smollm2", "qwen3-sharded"})
    void everyFusedWeightIsTheNearestInTheBasesDtype(String name) throws IOException {
        Path base = GOLDENS.resolve(name);
        fuse(base);
        CausalLm model = Models.open(base);
        LoraAdapter adapter = LoraAdapter.open(base.resolve("adapter"), model);

        try (Safetensors old = Safetensors.open(base);
                Safetensors fused = Safetensors.open(directory)) {
            assertThat(fused.names()).isEqualTo(old.names());
            for (String tensor : old.names()) {
                DType dtype = old.entry(tensor).dtype();
                assertThat(fused.entry(tensor).dtype()).isEqualTo(dtype);
                float[] values = fused.entry(tensor).toFloats();
                double[] exact = exact(old.entry(tensor), adapter);
                for (int i = 0; i < values.length; i++) {
                    // Half a unit in the last place, and the smallest numbers of F16.
                    double bound = Math.abs(exact[i]) * roundOff(dtype) * 1.001 + 3e-8;
                    assertThat((double) values[i]).isCloseTo(exact[i], within(bound));
                }
            }
        }
    }

    private static double roundOff(DType dtype) {
        return switch (dtype) {
            case BF16 -> 0x1p-8;
            case F16 -> 0x1p-11;
            default -> 0x1p-24;
        };
    }

    private static double[] exact(Safetensors.Entry entry, LoraAdapter adapter) {
        float[] base = entry.toFloats();
        double[] exact = new double[base.length];
        LoraPair pair = adapter.pair(entry.name().replaceFirst("\\.weight$", ""));
        for (int i = 0; i < base.length; i++) {
            exact[i] = base[i];
            if (pair == null || !entry.name().endsWith(".weight")) {
                continue;
            }
            int columns = pair.a().value().cols();
            for (int k = 0; k < pair.rank(); k++) {
                exact[i] +=
                        pair.scale()
                                * pair.b().value().get(i / columns, k)
                                * pair.a().value().get(k, i % columns);
            }
        }
        return exact;
    }

    @Test
    void withoutAnAdapterNothingChanges() throws IOException {
        Path base = GOLDENS.resolve("neox-bf16-sharded");
        try (Checkpoint checkpoint = Checkpoint.open(base, null)) {
            checkpoint.write(directory);
        }

        try (Safetensors old = Safetensors.open(base);
                Safetensors copy = Safetensors.open(directory)) {
            assertThat(copy.names()).isEqualTo(old.names());
            for (String name : old.names()) {
                assertThat(copy.entry(name).data().mismatch(old.entry(name).data())).isEqualTo(-1);
            }
        }
    }

    @Test
    void refusesAnAdapterOfAnotherBase() {
        Path adapter = GOLDENS.resolve("qwen2/adapter");

        assertThatThrownBy(() -> Checkpoint.open(GOLDENS.resolve("neox-parallel"), adapter))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("matches no layer of this gpt_neox model");
    }

    private void fuse(Path base) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base, base.resolve("adapter"))) {
            checkpoint.write(directory);
        }
        Files.copy(base.resolve("config.json"), directory.resolve("config.json"));
    }
}
