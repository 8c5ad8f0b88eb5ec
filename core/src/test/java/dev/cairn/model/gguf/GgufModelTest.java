package dev.cairn.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.format.Safetensors;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.weights.Parameter;
import dev.cairn.support.Sha256;
import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.block.BlockFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * GGUF files as models; {@code tools/goldens/gguf_parts.py}, {@code gguf_fixtures.py} and {@code
 * gguf_families.py} made them.
 */
class GgufModelTest {
    private static final Path GOLDENS = Path.of("core/src/test/resources/goldens/gguf");
    private static final String PART = "mixed-0000%d-of-00003.gguf";

    /** A list's elements follow their type and their number. */
    private static final int LIST_HEADER = Integer.BYTES + Long.BYTES;

    @TempDir private Path directory;

    /** Copies, for the tests to damage. */
    @BeforeEach
    void copy() throws IOException {
        for (int i = 1; i <= 3; i++) {
            Files.copy(GOLDENS.resolve(PART.formatted(i)), part(i));
        }
    }

    private Path part(int number) {
        return directory.resolve(PART.formatted(number));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aModelInPartsComputesWhatTransformersDoes(int named) throws IOException {
        assertComputes(part(named), "mixed.json");
    }

    /** Files with the keys and the pre-tokenizers' names of published ones. */
    @ParameterizedTest
    @ValueSource(strings = {"granite3", "granite4", "smollm3", "gemma3", "gemma3-ollama"})
    void aModelOfEachFamilyComputesWhatTransformersDoes(String name) throws IOException {
        assertComputes(GOLDENS.resolve(name + ".gguf"), name + ".logprobs.json");
    }

    @Test
    void whatGranite4ShareWithHybridsMustBeNone() throws IOException {
        Path file = directory.resolve("model.gguf");
        Files.copy(GOLDENS.resolve("granite4.gguf"), file);
        change(file, bytes -> bytes.putInt(valueOf(bytes, "granite.expert_count"), 8));
        refused(file, "key 'granite.expert_count': expected 0, found 8");

        change(file, bytes -> bytes.putInt(valueOf(bytes, "granite.expert_count"), 0));
        int second = LIST_HEADER + Integer.BYTES;
        change(
                file,
                bytes ->
                        bytes.putInt(
                                valueOf(bytes, "granite.attention.head_count_kv") + second, 0));
        refused(
                file,
                "key 'granite.attention.head_count_kv': expected the same number for all layers, found [1, 0]");
    }

    /** Computing with them would give numbers that mean nothing. */
    @ParameterizedTest
    @CsvSource({
        "granite.attention.layer_norm_rms_epsilon, NaN",
        "granite.attention.scale, Infinity",
        "granite.logit_scale, 0.0",
        "granite.rope.freq_base, -1.0"
    })
    void settingsMustBeAbove0(String key, float value) throws IOException {
        Path file = directory.resolve("model.gguf");
        Files.copy(GOLDENS.resolve("granite3.gguf"), file);
        change(file, bytes -> bytes.putFloat(valueOf(bytes, key), value));

        refused(file, "key '%s': expected a number above 0, found %s".formatted(key, value));
    }

    private static void assertComputes(Path file, String golden) throws IOException {
        CausalLm model = Models.open(file);
        JsonNode expected = JsonMapper.shared().readTree(Files.readString(GOLDENS.resolve(golden)));
        int[] tokens =
                expected.path("tokens").values().stream().mapToInt(JsonNode::asInt).toArray();

        Tensor logits = logits(model, tokens);

        for (int i = 1; i < tokens.length; i++) {
            // Both compute in float; the sums of products are in another order.
            assertThat(logProbability(logits, i - 1, tokens[i]))
                    .isCloseTo(expected.path("logprobs").path(i - 1).asDouble(), within(2e-5));
        }
    }

    private static Tensor logits(CausalLm model, int[] tokens) {
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        Tensor hidden = model.forward(pass, TokenBatch.packed(List.of(tokens)), null).hidden();
        return model.head().forward(pass, hidden).y();
    }

    private static double logProbability(Tensor logits, int row, int token) {
        double sum = 0;
        for (int c = 0; c < logits.cols(); c++) {
            sum += Math.exp(logits.get(row, c));
        }
        return logits.get(row, token) - Math.log(sum);
    }

    @Test
    void matricesStayAsTheFileHasThem() {
        Map<String, Tensor> weights = weights(Models.open(part(1)));

        assertThat(format(weights, "model.embed_tokens.weight")).isEqualTo(BlockFormat.Q8_0);
        assertThat(format(weights, "model.layers.0.self_attn.k_proj.weight"))
                .isEqualTo(BlockFormat.Q4_1);
        assertThat(format(weights, "model.layers.1.mlp.down_proj.weight"))
                .isEqualTo(BlockFormat.Q6_K);
        assertThat(format(weights, "lm_head.weight")).isEqualTo(BlockFormat.Q5_1);
    }

    private static BlockFormat format(Map<String, Tensor> weights, String name) {
        return ((BlockTensor) Objects.requireNonNull(weights.get(name))).format;
    }

    private static Map<String, Tensor> weights(CausalLm model) {
        return model.parameters().stream()
                .collect(Collectors.toMap(Parameter::name, Parameter::value));
    }

    /** Also where GGUF has the rows in another order. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-q8_0", "qwen2-q4_0"})
    void weightsAreThoseOfTheSourceInHuggingFacesOrder(String name) {
        Map<String, Tensor> weights = weights(Models.open(GOLDENS.resolve(name + ".gguf")));

        try (Safetensors expected = Safetensors.open(GOLDENS.resolve(name + ".safetensors"))) {
            assertThat(weights.keySet()).isEqualTo(expected.names());
            weights.forEach((tensor, value) ->
                    assertThat(value.toFloats())
                            .as(tensor)
                            .isEqualTo(expected.entry(tensor).toFloats()));
        }
    }

    @Test
    void allTokensThatEndATurnEndTheAnswer() throws IOException {
        // eos_token_id names <|im_end|>; <|endoftext|> is known by its spelling.
        assertThat(Models.open(part(1)).config().eosIds()).containsExactly(261, 259);

        // Of a token that somebody added, too, but not of one that is text.
        changeType(259, 4);
        assertThat(Models.open(part(1)).config().eosIds()).containsExactly(261, 259);
        changeType(259, 1);
        assertThat(Models.open(part(1)).config().eosIds()).containsExactly(261);
    }

    private void changeType(int token, int type) throws IOException {
        change(
                part(1),
                bytes ->
                        bytes.putInt(
                                valueOf(bytes, "tokenizer.ggml.token_type")
                                        + LIST_HEADER
                                        + Integer.BYTES * token,
                                type));
    }

    /** Transformers takes no fraction there, and has tokens of its own for those not named. */
    @Test
    void theConfigurationIsOneThatTransformersReads() {
        try (GgufModel model = GgufModel.open(GOLDENS.resolve("gemma3.gguf"))) {
            ObjectNode config = model.configJson();

            assertThat(config.path("query_pre_attn_scalar").isInt()).isTrue();
            assertThat(config.path("pad_token_id").isNull()).isTrue();
        }
    }

    @Test
    void theDigestIsThatOfAllParts() {
        assertThat(Models.digest(part(2)))
                .isEqualTo(Sha256.ofFiles(List.of(part(1), part(2), part(3))).hex());
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(part(2));

        refused(part(1), part(2) + ": part 2 of 3 is missing; put all parts into one folder");

        Files.delete(part(1));
        refused(part(3), part(1) + ": part 1 of 3 is missing; put all parts into one folder");
    }

    @Test
    void partsUnderEachOthersNamesAreRefused() throws IOException {
        Path aside = directory.resolve("aside");
        Files.move(part(2), aside);
        Files.move(part(3), part(2));
        Files.move(aside, part(3));

        refused(
                part(1),
                part(2) + ": key 'split.no': expected 1, as the file's name says, found 2");
    }

    @Test
    void aPartUnderAnotherKindOfNameIsRefused() throws IOException {
        Path renamed = directory.resolve("renamed.gguf");
        Files.move(part(1), renamed);

        refused(renamed, "renamed.gguf: is one of 3 parts, but not named like NAME-00001-of-00003");
    }

    @Test
    void aWholeModelUnderTheNameOfAPartIsRefused() throws IOException {
        Path named = directory.resolve("qwen2-00001-of-00002.gguf");
        Files.copy(GOLDENS.resolve("qwen2-q4_0.gguf"), named);

        refused(named, "key 'split.count': expected 2 parts, as the file's name says, found 1");
    }

    @Test
    void partsOfDifferentModelsAreRefused() throws IOException {
        change(part(3), bytes -> bytes.putInt(valueOf(bytes, "split.tensors.count"), 40));

        refused(
                part(1),
                "key 'split.tensors.count': has another value than in "
                        + part(1)
                        + "; these are parts of different models");
    }

    @Test
    void aTensorThatTwoPartsHoldIsRefused() throws IOException {
        Files.copy(part(2), part(3), StandardCopyOption.REPLACE_EXISTING);
        change(part(3), bytes -> bytes.putShort(valueOf(bytes, "split.no"), (short) 2));

        refused(part(1), "is also in " + part(2) + "; these are parts of different models");
    }

    @Test
    void partsThatTogetherLackTensorsAreRefused() throws IOException {
        for (int i = 1; i <= 3; i++) {
            change(part(i), bytes -> bytes.putInt(valueOf(bytes, "split.tensors.count"), 40));
        }

        refused(part(1), "expected 40 tensors in its 3 parts, found 27");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aTruncatedPartIsRefused(int number) throws IOException {
        byte[] bytes = Files.readAllBytes(part(number));
        Files.write(part(number), Arrays.copyOf(bytes, bytes.length - 64));

        refused(part(1), part(number) + ": tensor ");
        refused(part(1), "it is truncated or damaged");
    }

    @Test
    void aTypeThatCairnCannotReadIsNamed() throws IOException {
        // I8 has rows no longer than those of the F32 it replaces.
        change(part(1), bytes -> bytes.putInt(find(bytes, "blk.0.attn_norm.weight") + 4 + 8, 24));

        refused(
                part(1),
                "tensor 'blk.0.attn_norm.weight': type I8 cannot be read; choose a file of the same model in another format");
    }

    @Test
    void aVocabularyThatDoesNotFitTheEmbeddingIsRefused() throws IOException {
        Path file = directory.resolve("model.gguf");
        Files.copy(GOLDENS.resolve("llama-q8_0.gguf"), file);
        change(
                file,
                bytes -> {
                    int rows = find(bytes, "token_embd.weight") + 4 + 8;
                    bytes.putLong(rows, bytes.getLong(rows) - 1);
                });

        refused(
                file,
                "tensor 'token_embd.weight': has 296 rows, but the vocabulary has 297 tokens");
    }

    @Test
    void aFileThatIsNoGgufFileIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("notes.gguf"), "# Notes");

        refused(file, file + ": not a GGUF file");
    }

    private static void refused(Path file, String complaint) {
        assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("\n");
    }

    /** Where a key's value begins: behind the key comes its type. */
    private static int valueOf(ByteBuffer bytes, String key) {
        return find(bytes, key) + Integer.BYTES;
    }

    /** The place behind a name. */
    private static int find(ByteBuffer bytes, String name) {
        String all = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        return all.indexOf(name) + name.length();
    }

    private static void change(Path file, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file, bytes);
    }
}
