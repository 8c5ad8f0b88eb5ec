package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cairn.CairnException;
import dev.cairn.model.config.ConfigJson;
import dev.cairn.model.config.Rope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rotary settings in all places where transformers looks for them: tools/goldens/rope.py. */
class RopeTest {
    /** Some ten roundings to float, each of 6e-8, in an order of its own. */
    private static final double PERCENT = 1e-4;

    static List<JsonNode> entries() throws IOException {
        Path file = Path.of("core/src/test/resources/rope.json");
        return JsonMapper.shared().readTree(Files.readString(file)).valueStream().toList();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void theFrequenciesAreThoseOfTransformers(JsonNode entry) {
        ConfigJson json = ConfigJson.of(Path.of("config.json"), entry.path("config"));
        Rope rope = rope(json);
        JsonNode expected = entry.path("frequencies");
        float[] found = rope.frequencies(2 * expected.size());
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i])
                    .as("frequency %d", i)
                    .isCloseTo(expected.get(i).asDouble(), withinPercentage(PERCENT));
        }
        assertThat(rope.attentionFactor())
                .isCloseTo(entry.path("factor").asDouble(), offset(1e-12));
        int headDim = 16;
        assertThat((int) (headDim * rope.share())).isEqualTo(2 * expected.size());
    }

    private static Rope rope(ConfigJson json) {
        return switch (json.text("model_type")) {
            case "gpt_neox" -> GptNeoXConfig.read(json).rope();
            case "qwen2" -> LlamaConfig.read(json, LlamaVariant.qwen2(json)).rope();
            case "qwen3" -> LlamaConfig.read(json, LlamaVariant.qwen3(json)).rope();
            case "smollm3" -> SmolLm3Config.read(json).llama().rope();
            default -> LlamaConfig.read(json, LlamaVariant.llama(json)).rope();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"rope_type\":\"longrope\",\"factor\":4} | rope_scaling.rope_type is longrope, which is"
                        + " not supported; expected default or linear or dynamic or llama3 or yarn",
                "{\"full_attention\":{\"rope_theta\":5}} | the same settings for all layers, not"
                        + " others for full_attention",
                "{\"type\":\"linear\",\"factor\":0.5} | a factor of at least 1",
                "{\"type\":\"linear\"} | factor: expected a number, found nothing",
                "{\"type\":\"yarn\",\"factor\":2,\"beta_fast\":1,\"beta_slow\":2} | a beta_fast above",
                "{\"rope_type\":\"llama3\",\"factor\":2,\"low_freq_factor\":4,\"high_freq_factor\":1}"
                        + " | a high_freq_factor above a positive low_freq_factor"
            })
    void settingsThatCannotBeFollowedAreRefusedByName(String scaling, String problem) {
        ConfigJson json =
                ConfigJson.of(
                        Path.of("config.json"),
                        TinyModels.llamaConfig(true)
                                .set("rope_scaling", JsonMapper.shared().readTree(scaling)));
        assertThatThrownBy(() -> rope(json))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(problem);
    }
}
