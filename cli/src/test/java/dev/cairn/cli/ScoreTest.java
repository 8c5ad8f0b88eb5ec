package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Generator;
import dev.cairn.model.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScoreTest {
    @TempDir private static Path shared;
    private static Path base;

    @BeforeAll
    static void pretrain() {
        base = TinyBase.in(shared);
    }

    @Test
    void tokensAreScoredAsGiven() {
        JsonNode score = json("--context-tokens", "5,6, 7", "--continuation-tokens", "8,9");
        assertThat(score.propertyNames())
                .containsExactly(
                        "tokens", "token_logprobs", "sum_logprob", "is_greedy", "truncated_tokens");
        assertThat(numbers(score.path("tokens"))).containsExactly(8.0, 9.0);
        List<Double> logprobs = numbers(score.path("token_logprobs"));
        assertThat(logprobs).hasSize(2).allMatch(p -> p < 0);
        assertThat(score.path("sum_logprob").doubleValue())
                .isCloseTo(logprobs.get(0) + logprobs.get(1), offset(1e-12)); // doubles
        assertThat(score.path("is_greedy").isBoolean()).isTrue();
    }

    @Test
    void aContextSplitsOffWithoutChangingTheRest() {
        JsonNode whole = json("--continuation-tokens", "5,6,7,8");
        JsonNode split = json("--context-tokens", "5,6", "--continuation-tokens", "7,8");
        assertThat(numbers(whole.path("tokens"))).containsExactly(6.0, 7.0, 8.0);
        assertThat(numbers(whole.path("token_logprobs")).subList(1, 3))
                .isEqualTo(numbers(split.path("token_logprobs")));
    }

    @Test
    void textIsScoredAsItsTokens() {
        JsonNode text = json("--context", "Emma went to the", "--continuation", " park.");
        assertThat(text.path("tokens")).isNotEmpty();
        JsonNode empty = json("--continuation", "Emma went");
        JsonNode blank = json("--context", "", "--continuation", "Emma went");
        assertThat(empty).isEqualTo(blank);
        JsonNode single = json("--context", "", "--continuation", "E");
        assertThat(single.path("tokens")).hasSize(1);
        assertThat(single.path("sum_logprob").doubleValue()).isNegative();
        assertThat(single.path("truncated_tokens").intValue()).isZero();
    }

    @Test
    void whatTheModelWouldWriteIsGreedy() {
        List<Integer> written = new ArrayList<>();
        SamplingParams greedy = new SamplingParams(0, 0, 1, 0, 1, 0);
        new Generator(Models.open(base), null)
                .generate(new int[] {5, 6}, greedy, 2, chosen -> written.add(chosen.token()));
        int first = written.getFirst();
        int second = written.getLast();
        assertThat(isGreedy(first + "," + second)).isTrue();
        assertThat(isGreedy(first + "," + (second + 1) % 400)).isFalse();
        assertThat(isGreedy((first + 1) % 400 + "," + second)).isFalse();
    }

    private static boolean isGreedy(String tokens) {
        return json("--context-tokens", "5,6", "--continuation-tokens", tokens)
                .path("is_greedy")
                .booleanValue();
    }

    @Test
    void withoutJsonEveryTokenHasALine() {
        Cli.Result result =
                cairn(
                        "score",
                        "--model",
                        base,
                        "--context-tokens",
                        "5",
                        "--continuation-tokens",
                        "6,7");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .hasLineCount(3)
                .containsPattern("(?m)^ +6 +-[0-9.]+$")
                .contains("over 2 tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | expected --continuation, with or without --context, or",
                "--context a | expected --continuation, with or without --context, or",
                "--continuation a --continuation-tokens 1 | expected --continuation, with",
                "--context a --continuation-tokens 1 | expected --continuation, with",
                "--continuation a --context-tokens 1 | expected --continuation, with",
                "--continuation-tokens 1,x | --continuation-tokens: expected token ids such as 1,2,3, found 'x'",
                "--continuation-tokens 1,,2 | --continuation-tokens: expected token ids such as 1,2,3, found ''",
                "--context-tokens 1.5 --continuation-tokens 1 | --context-tokens: expected token ids",
                "--continuation-tokens 99999999999 | --continuation-tokens: expected token ids",
                "--continuation a --limit 3 | Unknown options: '--limit', '3'",
            })
    void wrongUsageIsOneLine(String args, String message) {
        Cli.Result result = score(Path.of("no model is looked for"), args);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .hasLineCount(1)
                .contains(message)
                .endsWith("; try cairn score --help\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--continuation-tokens 1,400 | token id 400 is outside the model's vocabulary",
                "--context-tokens -1 --continuation-tokens 1 | token id -1 is outside",
                "--context-tokens 1 --continuation-tokens 400 | token id 400 is outside",
                "--context-tokens= --continuation-tokens= | continuation: expected at least one token, found none",
                "--continuation= | continuation",
            })
    void whatCannotBeScoredIsOneLine(String args, String message) {
        Cli.Result result = score(base, args);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).contains(message).doesNotContain("internal");
    }

    @Test
    void aMissingModelIsOneLine() {
        Cli.Result result = score(shared.resolve("none"), "--continuation a");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("none: no such model directory");
    }

    private static Cli.Result score(Path model, String args) {
        List<String> words = args == null ? List.of() : List.of(args.split(" ", -1));
        return cairn("score", "--model", model, words);
    }

    private static JsonNode json(Object... args) {
        Cli.Result result = cairn("score", "--json", "--model", base, List.of(args));
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).hasLineCount(1);
        return JsonMapper.shared().readTree(result.out());
    }

    private static List<Double> numbers(JsonNode array) {
        return array.valueStream().map(JsonNode::doubleValue).toList();
    }
}
