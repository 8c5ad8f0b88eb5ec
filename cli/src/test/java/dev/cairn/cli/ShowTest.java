package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.recipe.HubModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.TrainingConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShowTest {
    private static final Path PEBBLE = Path.of("models/pebble");

    @Test
    void saysWhatTheBundledBaseIs() {
        assertThat(cairn("show", PEBBLE.toString()).out())
                .startsWith("models/pebble\n")
                .contains("gpt_neox: 5 layers of 128, 4 heads of 32")
                .contains("parameters       1,122,688")
                .contains("dtype            BF16")
                .contains("context          512 tokens")
                .contains("weights          2.25 MB")
                .contains("memory to run    about 405 MB")
                .contains("memory to train  about ");
    }

    @Test
    void saysItToMachinesToo() {
        JsonNode json =
                JsonMapper.shared().readTree(cairn("show", "--json", PEBBLE.toString()).out());

        assertThat(json.path("model_type").asString()).isEqualTo("gpt_neox");
        assertThat(json.path("parameters").asLong()).isEqualTo(1_122_688);
        assertThat(json.path("weight_bytes").asLong()).isEqualTo(2 * 1_122_688);
        assertThat(json.path("tokens_at_a_time").asInt()).isEqualTo(4096);
    }

    /** What it says of training is said of training as the YAML has it by default. */
    @Test
    void itsDefaultsAreThoseOfTraining() {
        TrainingConfig training =
                StackConfig.load(
                                Path.of("examples/stories/base.yaml"),
                                HubModelFinder.ofThisMachine())
                        .stages()
                        .getFirst()
                        .training();

        assertThat(training.lora().loraR()).isEqualTo(Show.LORA_R);
        assertThat(training.batches().microBatchSize()).isEqualTo(Show.MICRO_BATCH_SIZE);
        assertThat(training.batches().sequenceLen()).isEqualTo(Show.SEQUENCE_LEN);
        assertThat(training.lora().loraTargetModules()).hasToString("all-linear");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9995, 10.0 kB",
        "99949, 99.9 kB",
        "99950, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "4200000000, 4.20 GB",
        "9200000000000000, 9200 TB"
    })
    void bytesHaveThreeDigits(long bytes, String expected) {
        assertThat(Show.bytes(bytes)).isEqualTo(expected);
    }

    @Test
    void whatIsNoModelIsRefused() {
        assertThat(cairn("show", "nowhere").err())
                .isEqualTo(
                        "cairn: nowhere: no such model directory or GGUF file; check the path of the model\n");
        assertThat(cairn("show", "models").err()).contains("models/config.json: not found");
    }
}
