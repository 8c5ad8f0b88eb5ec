package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.ExamplePlan;
import dev.cairn.model.CausalLm;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that are computed again in the backward pass give the bits of layers that are kept. */
class GradientCheckpointingTest {
    @TempDir Path folder;

    /** With dropout, whose masks have to be the same both times. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "gemma3_text", "smollm3", "granitemoehybrid"})
    void theAdapterHasTheSameBits(String type) {
        List<Double> losses = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        byte[] kept = train(type, false, losses);
        byte[] computed = train(type, true, again);
        assertThat(computed).isEqualTo(kept);
        assertThat(again).isEqualTo(losses).hasSizeGreaterThan(2).doesNotHaveDuplicates();
    }

    private byte[] train(String type, boolean again, List<Double> losses) {
        CausalLm model = TinyModels.frozen(TinyModels.config(type), Kernels.vector());
        TrainingRun run =
                TinyRuns.run(
                        model,
                        TinyModels.adapter(model, 0.3, false),
                        ExamplePlan.of(TinyRuns.examples(7, 1), 2, 12, 1, 2, 5),
                        TinyRuns.settings().gradientCheckpointing(again).build(),
                        folder.resolve(type + again));
        Trainer.train(run, false, step -> losses.add(step.loss()));
        return TinyRuns.weights(run);
    }

    @Test
    void aRunMayBeResumedWithTheOtherValue() {
        String with = fingerprint(true);
        assertThat(with).isEqualTo(fingerprint(false)).contains("lora_r: 8");
    }

    private static String fingerprint(boolean value) {
        return new Fingerprint()
                .add("", Map.of("lora_r", 8, "gradient_checkpointing", value))
                .toString();
    }
}
