package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn probe}. */
class ProbeTest {
    private static final String GRAIN = "models/grain";

    @TempDir private Path temp;

    @Test
    void aTableHasALineForEachKindAndSize() {
        Cli.Result result = cairn("probe", GRAIN, "--limit", 2);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith("grain\n  probe")
                .containsPattern(
                        "(?m)^  repeat +64 +[0-9.]+% +\\[[0-9.]+, [0-9.]+] +126 tokens +[0-9.]+$")
                .containsPattern("(?m)^  recall +2 +(0|50|100)\\.0% .* 2 values ")
                .containsPattern("(?m)^  last-line +4 +(0|50|100)\\.0% .* 2 lines ")
                .containsPattern(
                        "(?m)^means over sizes: repeat [0-9.]+%, recall [0-9.]+%, last-line ");
    }

    @Test
    void jsonHasTheSameFigures() {
        JsonNode json = json(GRAIN, 3);
        assertThat(json.path("model").stringValue()).isEqualTo("grain");
        JsonNode first = json.path("probes").path(0);
        assertThat(first.path("probe").stringValue()).isEqualTo("repeat");
        assertThat(first.path("size").intValue()).isEqualTo(8);
        assertThat(first.path("counted").stringValue()).isEqualTo("tokens");
        assertThat(first.path("total").intValue()).isEqualTo(3 * 7);
        double share = first.path("correct").doubleValue() / 21;
        assertThat(first.path("share").doubleValue()).isEqualTo(share);
        assertThat(share)
                .isBetween(first.path("low").doubleValue(), first.path("high").doubleValue());
        assertThat(first.path("loss").doubleValue()).isPositive();
        assertThat(json.path("shares").propertyNames())
                .containsExactly("repeat", "recall", "last-line");
        assertThat(json(GRAIN, 3)).isEqualTo(json);
    }

    /** Its context window has 160 tokens. */
    @Test
    void whatIsTooLongForTheModelIsNamed() {
        Path base = TinyBase.in(temp);
        assertThat(cairn("probe", base, "--limit", 2).out())
                .contains("too long for this model: ", "last-line 16")
                .doesNotContainPattern("(?m)^ +last-line +16")
                .containsPattern("(?m)^ +repeat +64");
    }

    private static JsonNode json(String model, int limit) {
        Cli.Result result = cairn("probe", model, "--limit", limit, "--json");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).hasLineCount(1);
        return JsonMapper.shared().readTree(result.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models/grain --limit 0 | 1 | --limit: expected at least 1, found 0",
                "models/grain --limit x | 2 | --limit",
                "./none | 1 | ./none: no such model directory",
                "examples/first/stack.yaml | 1 | stack.yaml",
                "models | 1 | config.json",
                "--json | 2 | MODEL",
            })
    void aMistakeIsOneLine(String args, int status, String message) {
        Cli.Result result = cairn("probe", List.of(args.split(" ", -1)));
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).contains(message).doesNotContain("internal");
    }
}
