package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.OptimizerName;
import dev.cairn.data.TokenExample;
import dev.cairn.format.Safetensors;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family of models against PyTorch, transformers and PEFT: {@code tools/goldens/models.py}
 * made the files, {@code gguf_lora.py} that in blocks.
 *
 * <p>Tolerances: both sides compute in float. Logits are below 10, where a float resolves 1e-6, and
 * come out of a few thousand additions. Gradients and weights are compared as whole tensors, by the
 * length of the difference over the length of what is expected, since a value near zero may be all
 * rounding.
 */
class GoldenModelsTest {
    private static final Path GOLDENS = Path.of("core/src/test/resources/goldens");
    private static final double LOGITS = 1e-5;
    private static final double LOSS = 1e-6;
    private static final double RELATIVE = 1e-4;

    private final Kernels kernels = Kernels.vector();
    private @Nullable Safetensors golden;

    @AfterEach
    void unmap() {
        if (golden != null) {
            golden.close();
        }
    }

    static Stream<String> models() throws IOException {
        return folders("models");
    }

    static Stream<String> modelsTrainedInFull() throws IOException {
        return models().filter(GoldenModelsTest::isTrainedInFull);
    }

    static Stream<String> adapters() throws IOException {
        return folders("adapters");
    }

    private static Stream<String> folders(String kind) throws IOException {
        try (Stream<Path> folders = Files.list(GOLDENS.resolve(kind))) {
            return folders
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static boolean isTrainedInFull(String name) {
        try (Safetensors file =
                Safetensors.open(goldenOf(GOLDENS.resolve("models").resolve(name)))) {
            return file.names().contains("loss");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theModelSaysWhatTransformersSays(String name) {
        Path directory = open("models", name);

        assertLogits(Models.open(directory), null, "");
    }

    @ParameterizedTest
    @MethodSource("models")
    void withAnAdapterItSaysWhatPeftSays(String name) {
        Path directory = open("models", name);
        CausalLm model = Models.open(directory);

        assertLogits(model, LoraAdapter.open(directory.resolve("adapter"), model), "adapter.");
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void everyWayToWriteAnAdapterMeansWhatItMeansToPeft(String name) {
        Path directory = open("adapters", name);
        CausalLm model = Models.open(GOLDENS.resolve("models/neox-parallel"));

        assertLogits(model, LoraAdapter.open(directory, model), "adapter.");
    }

    @ParameterizedTest
    @MethodSource("models")
    void theAdapterLearnsAsWithPeft(String name) {
        Path directory = open("models", name);
        CausalLm model = Models.open(directory);
        LoraAdapter adapter =
                trainable(LoraAdapter.open(directory.resolve("adapter"), model), model);

        assertLearning(model, adapter, adapter.parameters(), "adapter.");
    }

    /** The base stays in its blocks; PyTorch has the dequantised weights. */
    @Test
    void onQuantisedWeightsTheAdapterLearnsAsWithPeft() {
        Path directory = open("quantised", "llama");
        CausalLm model = Models.openBase(directory.resolve("model.gguf"));
        LoraAdapter frozen = LoraAdapter.open(directory.resolve("adapter"), model);

        assertLogits(model, frozen, "adapter.");
        LoraAdapter adapter = trainable(frozen, model);
        assertLearning(model, adapter, adapter.parameters(), "adapter.");
    }

    @ParameterizedTest
    @MethodSource("modelsTrainedInFull")
    void theWholeModelLearnsAsWithPyTorch(String name) {
        CausalLm model = Models.openTrainable(open("models", name), kernels);

        assertLearning(model, null, model.parameters(), "");
    }

    private Path open(String kind, String name) {
        Path directory = GOLDENS.resolve(kind).resolve(name);
        golden = Safetensors.open(goldenOf(directory));
        return directory;
    }

    private static Path goldenOf(Path directory) {
        return directory.resolve("golden.safetensors");
    }

    /** The same values in matrices that have gradients. */
    private static LoraAdapter trainable(LoraAdapter frozen, CausalLm model) {
        LoraAdapter fresh = LoraAdapter.fresh(model, frozen.config(), 0);
        for (int i = 0; i < fresh.parameters().size(); i++) {
            Parameter from = frozen.parameters().get(i);
            Parameter to = fresh.parameters().get(i);
            assertThat(to.name()).isEqualTo(from.name());
            model.kernels().elementwise().copy(from.value(), to.value());
        }
        return fresh;
    }

    private void assertLogits(CausalLm model, @Nullable LoraAdapter adapter, String prefix) {
        List<int[]> sequences = sequences();
        ForwardContext pass = ForwardContext.of(kernels, adapter);
        Tensor hidden = model.forward(pass, TokenBatch.packed(sequences), null).hidden();
        float[] logits = model.head().forward(pass, hidden).y().toFloats();
        int at = 0;
        for (int i = 0; i < sequences.size(); i++) {
            float[] expected = golden(prefix + "logits." + i);
            float[] found = Arrays.copyOfRange(logits, at, at + expected.length);
            assertThat(largestDifference(found, expected)).as("sequence %d", i).isLessThan(LOGITS);
            at += expected.length;
        }
        assertThat(at).isEqualTo(logits.length);
    }

    private void assertLearning(
            CausalLm model,
            @Nullable LoraAdapter adapter,
            List<Parameter> parameters,
            String prefix) {
        List<TokenExample> examples =
                sequences().stream()
                        .filter(ids -> ids.length > 1)
                        .map(ids -> new TokenExample(ids, 1))
                        .toList();
        int targets = NextTokenLoss.targets(examples);
        NextTokenLoss loss = new NextTokenLoss(model);
        AdamW optimiser = new AdamW(settings().optimizer(), parameters, p -> true, kernels);
        ForwardContext pass = ForwardContext.of(kernels, adapter);
        for (int step = 1; step <= 3; step++) {
            parameters.forEach(p -> kernels.elementwise().clear(p.gradient()));
            double mean = loss.train(pass, examples, 1.0 / targets) / targets;
            if (step == 1) {
                assertThat(Math.abs(mean - golden(prefix + "loss")[0])).isLessThan(LOSS);
                assertTensors(parameters, prefix + "gradient.", Parameter::gradient);
            }
            optimiser.step(step, settings().schedule().learningRate(), 1);
        }
        assertTensors(parameters, prefix + "stepped.", Parameter::value);
    }

    private void assertTensors(
            List<Parameter> parameters, String prefix, Function<Parameter, Tensor> what) {
        for (Parameter parameter : parameters) {
            float[] expected = golden(prefix + parameter.name());
            float[] found = what.apply(parameter).toFloats();
            assertThat(distance(found, expected) / length(expected))
                    .as(prefix + parameter.name())
                    .isLessThan(RELATIVE);
        }
        assertThat(file().names().stream().filter(name -> name.startsWith(prefix)))
                .hasSameSizeAs(parameters);
    }

    /** Those of the script. */
    private static TrainSettings settings() {
        return new TrainSettings(
                new LearningRateSchedule(1e-2, LearningRateSchedule.Decay.CONSTANT, 0),
                OptimizerName.ADAMW,
                new AdamWConfig(0.01, 0, 0.9, 0.999, 1e-5),
                new CheckpointConfig(1, 1, 0),
                0,
                false);
    }

    private List<int[]> sequences() {
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; file().names().contains("tokens." + i); i++) {
            long[] ids = file().entry("tokens." + i).toLongs();
            sequences.add(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
        }
        return sequences;
    }

    private float[] golden(String name) {
        return file().entry(name).toFloats();
    }

    private Safetensors file() {
        return Objects.requireNonNull(golden);
    }

    private static double largestDifference(float[] a, float[] b) {
        return IntStream.range(0, b.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
    }

    private static double distance(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        return length(IntStream.range(0, b.length).mapToDouble(i -> a[i] - b[i]));
    }

    private static double length(float[] a) {
        return length(IntStream.range(0, a.length).mapToDouble(i -> a[i]));
    }

    private static double length(DoubleStream values) {
        return Math.sqrt(values.map(x -> x * x).sum());
    }
}
