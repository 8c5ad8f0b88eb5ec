package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real pretrained model against what an independent implementation in float64 computes of it.
 *
 * <p>Tolerance: the logits reach about 15, where a float resolves 1e-6; five layers of sums of up
 * to 172 products stay well within 100 times that.
 */
class Stories260kTest {
    private static final Path DIRECTORY = Path.of("core/src/test/resources/stories260K");
    private static final Path GOLDEN = DIRECTORY.resolve("golden.json");
    private static final double TOLERANCE = 1e-4;

    private JsonNode golden;
    private CausalLm model;

    @BeforeEach
    void openModel() {
        golden = JsonMapper.shared().readTree(GOLDEN);
        model = Models.open(DIRECTORY);
    }

    @Test
    void computesTheLogitsOfTheReference() {
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        TokenBatch batch = TokenBatch.packed(List.of(ints("input_tokens")));
        Tensor hidden = model.forward(pass, batch, null).hidden();
        Tensor logits = model.head().forward(pass, hidden).y();

        JsonNode first = golden.get("logits_first4");
        for (int t = 0; t < first.size(); t++) {
            assertRow(logits, t, first.get(t));
        }
        assertRow(logits, logits.rows() - 1, golden.get("last_logits"));
        JsonNode logProbs = golden.get("next_token_logprobs");
        int[] tokens = ints("input_tokens");
        for (int t = 0; t < logProbs.size(); t++) {
            assertThat(LogProbs.of(row(logits, t), tokens[t + 1]))
                    .isCloseTo(logProbs.get(t).asDouble(), within(TOLERANCE));
        }
    }

    @Test
    void writesTheReferencesStoryWithoutACache() {
        int[] expected = ints("greedy_tokens");
        List<Integer> tokens = new ArrayList<>(List.of(1));
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        while (tokens.size() <= expected.length) {
            int[] ids = tokens.stream().mapToInt(i -> i).toArray();
            Tensor hidden = model.forward(pass, TokenBatch.packed(List.of(ids)), null).hidden();
            tokens.add(LogProbs.argMax(lastRow(pass, hidden)));
        }
        assertThat(tokens.subList(1, tokens.size()))
                .containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
    }

    @Test
    void writesTheReferencesStoryWithACache() {
        int[] expected = ints("greedy_tokens");
        List<Integer> tokens = new ArrayList<>();
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        KvCache cache = model.newCache(expected.length);
        int next = 1;
        while (tokens.size() < expected.length) {
            TokenBatch batch = TokenBatch.next(new int[] {next}, cache.length());
            next = LogProbs.argMax(lastRow(pass, model.forward(pass, batch, cache).hidden()));
            tokens.add(next);
        }
        assertThat(tokens).containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
    }

    private float[] lastRow(ForwardContext pass, Tensor hidden) {
        Tensor last = model.kernels().zeros(1, hidden.cols());
        model.kernels().elementwise().copyRows(hidden, hidden.rows() - 1, last, 0, 1);
        return model.head().forward(pass, last).y().toFloats();
    }

    private int[] ints(String key) {
        return golden.get(key).valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static float[] row(Tensor logits, int t) {
        float[] row = new float[logits.cols()];
        logits.read(t, 0, row.length, row, 0);
        return row;
    }

    private static void assertRow(Tensor logits, int t, JsonNode expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(logits.get(t, i))
                    .as("logit %d at position %d", i, t)
                    .isCloseTo(expected.get(i).asDouble(), within(TOLERANCE));
        }
    }
}
