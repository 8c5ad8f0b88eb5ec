package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn bench}. */
class BenchTest {
    /** Warms up for two seconds. */
    @Test
    @Tag("long")
    void whatWasMeasured() {
        Cli.Result result = bench("json", 4);
        assertThat(result.err()).isEqualTo("opening the model\nmeasuring tg4 x2\n");
        JsonNode json = JsonMapper.shared().readTree(result.out());
        assertThat(json.path("model").stringValue()).isEqualTo("pebble");
        assertThat(json.path("format").stringValue()).isEqualTo("int8");
        JsonNode test = json.path("tests").path(0);
        assertThat(json.path("tests")).hasSize(1); // and no training: int8 does not train
        assertThat(test.path("test").stringValue()).isEqualTo("tg4 x2");
        assertThat(test.path("samples_ts")).hasSize(2);
    }

    @Tag("long")
    @Test
    void theOtherFormats() {
        Cli.Result markdown = bench("md", 0);
        assertThat(markdown.err()).isEqualTo("opening the model\n");
        assertThat(markdown.out()).startsWith("| model | ");
        assertThat(bench("table", 0).out()).startsWith("model ");
    }

    private static Cli.Result bench(String format, int tokens) {
        Cli.Result result =
                cairn(
                        List.of("bench", "models/pebble", "-p", 0, "-n", tokens, "--parallel", 2),
                        List.of("-r", 2, "--quant", "int8", "--format", format));
        assertThat(result.status()).as(result.err()).isZero();
        return result;
    }

    @ParameterizedTest
    @CsvSource({
        "-p -1, --n-prompt",
        "-n x, --n-gen",
        "-d 0, --n-depth",
        "-d 99999, exceeds the model's context window",
        "-r 0, --repetitions",
        "--parallel 0, --parallel",
        "--train -2, --train",
        "--format html, --format",
        "--quant int2, --quant",
        "-p 99999, exceeds the model's context window",
    })
    void wrongNumbersAreOneLine(String options, String part) {
        Cli.Result result = cairn("bench", "models/pebble", List.of(options.split(" ", -1)));
        assertThat(result.status()).isIn(1, 2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> line.startsWith("cairn: ")))
                .singleElement()
                .asString()
                .contains(part);
    }

    @Test
    void aModelThatIsNotThereIsOneLine() {
        Cli.Result result = cairn("bench", "./none");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("cairn: ./none: no such model directory");
    }
}
