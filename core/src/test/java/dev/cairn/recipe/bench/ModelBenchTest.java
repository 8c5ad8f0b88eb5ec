package dev.cairn.recipe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.Generator;
import dev.cairn.model.Models;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.TinyBases;
import dev.cairn.stack.config.ModelFinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelBenchTest {
    @TempDir Path directory;

    private BenchResults run(ModelBench.Work work) {
        Path base = TinyBases.random(directory.resolve("base"), 1);
        return new ModelBench(
                        new ModelFinder.Found(base, null),
                        WeightFormat.AS_STORED,
                        work,
                        Duration.ZERO,
                        RecipeListener.NONE)
                .run();
    }

    @Test
    void everyKindOfWorkIsMeasuredAsOftenAsWantedInTheFormOfLlamaBench() {
        BenchResults results = run(new ModelBench.Work(40, 8, 5, List.of(1, 3), null, 2));

        assertThat(results.tests())
                .extracting(
                        BenchTest::name,
                        BenchTest::promptTokens,
                        BenchTest::newTokens,
                        BenchTest::parallel)
                .containsExactly(
                        tuple("pp40", 40, 0, 1),
                        tuple("tg8 @ d5", 5, 8, 1),
                        tuple("tg8 @ d5 x3", 15, 24, 3),
                        // as many as the window holds, since it is smaller than 512
                        tuple("train64", 64, 0, 1));
        assertThat(results.tests())
                .allSatisfy(test ->
                        assertThat(test.rates())
                                .hasSize(2)
                                .allMatch(rate -> rate > 0 && Double.isFinite(rate)));
        assertThat(results.firstTokenSeconds()).isPositive();
        assertThat(results.parameters()).isPositive();
        assertThat(results.toMarkdown()).contains("| tg8 @ d5 x3 | ");
        assertThat(results.toText()).contains("  tg8 @ d5 x3  ");
    }

    @Test
    void zeroTokensLeaveATestOutAndTooManyAreRefused() {
        assertThat(run(new ModelBench.Work(0, 0, 1, List.of(1), 0, 1)).tests()).isEmpty();
        assertThatThrownBy(() -> run(new ModelBench.Work(64, 0, 1, List.of(1), 0, 1)))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "a prompt of 64 tokens exceeds the model's context window; expected at most 63");
        assertThatThrownBy(() -> run(new ModelBench.Work(0, 50, 20, List.of(1), 0, 1)))
                .hasMessage(
                        "an answer of 50 tokens exceeds the model's context window; expected at most 43");
        assertThatThrownBy(() -> run(new ModelBench.Work(0, 0, 1, List.of(1), 65, 1)))
                .hasMessage(
                        "a training step of 65 tokens exceeds the model's context window; expected at most 64");
    }

    @Test
    void anEndTokenEndsNoMeasurement() {
        Path base = TinyBases.chains(directory.resolve("chains"), "@yes");
        Generator generator = new Generator(Models.open(base), null);
        int[] prompt = dev.cairn.text.tokenizer.Tokenizer.load(base).encode("@");
        assertThat(generator.generateExactly(prompt, 20, token -> true).tokens()).isEqualTo(20);
    }

    /** Against numbers worked out by hand: of 2, 4, 4, 4, 5, 5, 7, 9 the squares sum up to 32. */
    @Test
    void meanAndSampleStandardDeviation() {
        BenchTest test =
                new BenchTest("x", 1, 1, 1, List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));
        assertThat(test.mean()).isEqualTo(5);
        assertThat(test.deviation()).isCloseTo(Math.sqrt(32.0 / 7), offset(1e-12));
        assertThat(new BenchTest("x", 1, 1, 1, List.of(3.0)).deviation()).isZero();
    }

    private static BenchResults results() {
        return new BenchResults(
                "org/m",
                "int8",
                3_460_000,
                6_920_000,
                2,
                "a processor",
                0.25,
                List.of(
                        new BenchTest("pp512", 512, 0, 1, List.of(10.0, 12.0)),
                        new BenchTest("tg128 x8", 8, 1024, 8, List.of(1000.0))),
                100_000_000L,
                null);
    }

    @Test
    void theTableIsAligned() {
        assertThat(results().toText())
                .startsWith(
                        """
                        model      size  params  format  threads  test                t/s
                        org/m  6.60 MiB  3.46 M  int8          2  pp512      11.00 ± 1.41
                        org/m  6.60 MiB  3.46 M  int8          2  tg128 x8  1000.00 ± 0.00
                        first token 250 ms after the model began to open
                        peak memory 100 MB
                        cairn\
                        """
                                .replace("test                t/s", "test                 t/s")
                                .replace("pp512      11", "pp512       11"));
    }

    @Test
    void markdownIsThatOfLlamaBench() {
        assertThat(results().toMarkdown())
                .startsWith(
                        """
                        | model | size | params | format | threads | test | t/s |
                        | --- | ---: | ---: | --- | ---: | --- | ---: |
                        | org/m | 6.60 MiB | 3.46 M | int8 | 2 | pp512 | 11.00 ± 1.41 |
                        """);
    }

    @Test
    void jsonHasEverySample() {
        JsonNode json = JsonMapper.shared().readTree(results().toJson());
        assertThat(json.path("first_token_ms").doubleValue()).isEqualTo(250);
        assertThat(json.path("peak_memory_with_training_bytes").isNull()).isTrue();
        JsonNode test = json.path("tests").path(0);
        assertThat(test.path("n_prompt").intValue()).isEqualTo(512);
        assertThat(test.path("avg_ts").doubleValue()).isEqualTo(11);
        assertThat(test.path("samples_ts")).hasSize(2);
    }
}
