package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreviousTokenHeadsTest {
    private static final int LATEST = 511;

    @TempDir Path folder;

    private Path config(int heads, int width, double rotaryShare, String more) throws IOException {
        return Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "gpt_neox", "vocab_size": 20, "hidden_size": %d,
                 "num_hidden_layers": 2, "num_attention_heads": %d, "intermediate_size": 64,
                 "max_position_embeddings": 512, "rotary_pct": %s %s}
                """
                        .formatted(width, heads, rotaryShare, more));
    }

    private static CausalLm lookingBack(Path config, int heads) {
        CausalLm model = Models.fresh(config, 1, Kernels.vector());
        model.lookBack(heads);
        return model;
    }

    /** Written out once more, without the kernels: rotation, dot products, softmax. */
    private static double[] attention(float[] bias, int head, int headDim, int rotaryDims) {
        int query = head * 3 * headDim;
        double[] scores = new double[LATEST + 1];
        for (int at = 0; at <= LATEST; at++) {
            for (int pair = 0; pair < rotaryDims / 2; pair++) {
                double turn = Math.pow(10_000, -2.0 * pair / rotaryDims);
                double[] q = turned(bias, query + pair, rotaryDims / 2, turn * LATEST);
                double[] k = turned(bias, query + headDim + pair, rotaryDims / 2, turn * at);
                scores[at] += (q[0] * k[0] + q[1] * k[1]) / Math.sqrt(headDim);
            }
        }
        double sum = IntStream.rangeClosed(0, LATEST).mapToDouble(i -> Math.exp(scores[i])).sum();
        return IntStream.rangeClosed(0, LATEST)
                .mapToDouble(i -> Math.exp(scores[i]) / sum)
                .toArray();
    }

    private static double[] turned(float[] values, int first, int apart, double angle) {
        double x = values[first];
        double y = values[first + apart];
        return new double[] {
            x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)
        };
    }

    @ParameterizedTest
    @CsvSource({"4, 128, 1.0", "4, 128, 0.5", "8, 192, 1.0", "2, 128, 1.0"})
    void eachLooksOneTokenFurtherBack(int heads, int width, double share) throws IOException {
        CausalLm model = lookingBack(config(heads, width, share, ""), 2);
        Parameter bias = Objects.requireNonNull(model.linears().getFirst().bias());
        int headDim = width / heads;
        for (int head = 0; head < 2; head++) {
            double[] attention =
                    attention(bias.value().toFloats(), head, headDim, (int) (headDim * share));
            assertThat(attention[LATEST - head - 1]).isGreaterThan(0.9);
        }
    }

    @Test
    void allElseIsAsInAnyFreshModel() throws IOException {
        Path file = config(4, 128, 1, "");
        CausalLm plain = Models.fresh(file, 1, Kernels.vector());
        CausalLm model = lookingBack(file, 3);

        for (int i = 0; i < plain.parameters().size(); i++) {
            Parameter before = plain.parameters().get(i);
            Parameter after = model.parameters().get(i);
            if (after.name().equals("gpt_neox.layers.0.attention.query_key_value.bias")) {
                // The fourth head is free.
                assertThat(
                                IntStream.range(3 * 96, 4 * 96)
                                        .mapToDouble(c -> after.value().get(0, c)))
                        .containsOnly(0.0);
            } else {
                assertThat(after.value().toFloats()).isEqualTo(before.value().toFloats());
            }
        }
    }

    @Test
    void moreHeadsThanThereAreAreRefused() throws IOException {
        Path file = config(4, 128, 1, "");

        assertThatThrownBy(() -> lookingBack(file, 5))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "previous_token_heads: expected at most num_attention_heads, 4, found 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {", \"attention_bias\": false", ", \"rotary_pct\": 0"})
    void modelsWithoutBiasesOrRotationAreRefused(String more) throws IOException {
        Path file = config(4, 128, 1, more);

        assertThatThrownBy(() -> lookingBack(file, 1))
                .isInstanceOf(CairnException.class)
                .hasMessage("previous_token_heads: needs attention_bias and a rotary_pct above 0");
    }

    @Test
    void otherArchitecturesAreRefused() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("config.json"), TinyModels.config("llama").toString());

        assertThatThrownBy(() -> lookingBack(file, 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("previous_token_heads: expected model_type gpt_neox");
    }
}
