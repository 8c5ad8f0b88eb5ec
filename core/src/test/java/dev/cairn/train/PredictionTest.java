package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.format.Safetensors;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the logits that transformers computes, as {@code tools/goldens/models.py} wrote them. */
class PredictionTest {
    private static final Path GOLDENS = Path.of("core/src/test/resources/goldens/models");

    /** Those of a model's sequences that are more than one token, and the logits of each. */
    private record Golden(CausalLm model, List<int[]> sequences, List<float[][]> logits) {
        static Golden of(String name) {
            Path directory = GOLDENS.resolve(name);
            List<int[]> sequences = new ArrayList<>();
            List<float[][]> logits = new ArrayList<>();
            try (Safetensors file = Safetensors.open(directory.resolve("golden.safetensors"))) {
                for (int i = 0; file.names().contains("tokens." + i); i++) {
                    int[] ids =
                            Arrays.stream(file.entry("tokens." + i).toLongs())
                                    .mapToInt(Math::toIntExact)
                                    .toArray();
                    if (ids.length > 1) {
                        sequences.add(ids);
                        logits.add(rows(file.entry("logits." + i).toFloats(), ids.length));
                    }
                }
            }
            return new Golden(Models.open(directory), sequences, logits);
        }

        private static float[][] rows(float[] values, int count) {
            int width = values.length / count;
            return IntStream.range(0, count)
                    .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                    .toArray(float[][]::new);
        }
    }

    private static int best(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
    }

    private static double loss(float[] logits, int target) {
        double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
        return Math.log(sum) - logits[target];
    }

    /** Every beginning of a sequence, with the most probable token and with that which follows. */
    @ParameterizedTest
    @ValueSource(strings = {"neox-parallel", "llama3-tied", "gemma3"})
    void aTokenIsAHitIfTransformersFindsItMostProbable(String name) {
        Golden golden = Golden.of(name);
        List<TokenExample> examples = new ArrayList<>();
        List<Integer> hits = new ArrayList<>();
        for (int s = 0; s < golden.sequences().size(); s++) {
            int[] ids = golden.sequences().get(s);
            for (int end = 1; end < ids.length; end++) {
                int[] beginning = Arrays.copyOf(ids, end + 1);
                examples.add(new TokenExample(beginning.clone(), end));
                int best = best(golden.logits().get(s)[end - 1]);
                hits.add(ids[end] == best ? 1 : 0);
                beginning[end] = best;
                examples.add(new TokenExample(beginning, end));
                hits.add(1);
            }
        }

        List<Prediction> predictions = Prediction.of(golden.model(), examples);

        assertThat(predictions).extracting(Prediction::hits).isEqualTo(hits);
        assertThat(predictions).extracting(Prediction::isWhole).contains(true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"neox-parallel", "llama3-tied", "gemma3"})
    void theLossIsThatOfAllTargets(String name) {
        Golden golden = Golden.of(name);
        List<TokenExample> examples =
                golden.sequences().stream().map(ids -> new TokenExample(ids, 2)).toList();

        List<Prediction> predictions = Prediction.of(golden.model(), examples);

        for (int s = 0; s < examples.size(); s++) {
            int[] ids = golden.sequences().get(s);
            float[][] logits = golden.logits().get(s);
            double expected =
                    IntStream.range(2, ids.length)
                            .mapToDouble(i -> loss(logits[i - 1], ids[i]))
                            .sum();
            assertThat(predictions.get(s).targets()).isEqualTo(ids.length - 2);
            // Logits agree within 1e-5; there are at most 17.
            assertThat(predictions.get(s).loss()).isCloseTo(expected, within(1e-4));
        }
    }

    /** More than one forward pass holds, and more rows than are computed at a time. */
    @Test
    void manyExamplesArePredictedLikeEachAlone() {
        CausalLm model = Golden.of("neox-parallel").model();
        List<TokenExample> examples = TinyRuns.examples(200, 3);

        List<Prediction> together = Prediction.of(model, examples);

        assertThat(examples.stream().mapToInt(e -> e.ids().length).sum()).isGreaterThan(1000);
        assertThat(together).hasSize(200);
        for (int i = 0; i < examples.size(); i += 13) {
            Prediction alone = Prediction.of(model, examples.subList(i, i + 1)).getFirst();
            assertThat(together.get(i).hits()).isEqualTo(alone.hits());
            // The same sums of floats, in the order of another number of rows.
            assertThat(together.get(i).loss()).isCloseTo(alone.loss(), within(1e-4));
        }
    }

    @Test
    void brokenWeightsAreAnError() {
        CausalLm model = TinyModels.trained(TinyModels.config("llama"), Kernels.vector());
        model.parameters().getLast().value().set(0, 0, Double.NaN);
        List<TokenExample> examples = TinyRuns.examples(1, 3);

        assertThatThrownBy(() -> Prediction.of(model, examples))
                .isInstanceOf(CairnException.class)
                .hasMessage("the model's logits are not all finite; its weights are broken");
    }
}
