package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunTest {
    private static final String INPUT = "Emma went to the park.\nWhere is Emma?";
    private static final Locale LOCALE = Locale.getDefault();

    @TempDir private static Path shared;
    private static Path base;

    /** Two stages on adapters. */
    private static Path stack;

    @TempDir private Path temp;

    @BeforeAll
    static void train() {
        base = TinyBase.in(shared);
        stack = TinyBase.stack(shared, base);
        Cli.Result result = cairn("train", stack);
        assertThat(result.status()).as(result.err()).isZero();
    }

    @AfterEach
    void putTheLocaleBack() {
        Locale.setDefault(LOCALE);
    }

    @Test
    void theAnswerAloneGoesToStdout() {
        Cli.Result result = cairn("run", stack, INPUT);
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(json(INPUT).path("answer").stringValue() + "\n");
    }

    @Test
    void jsonHasTheAnswerAndEverythingOfEveryStage() {
        JsonNode answer = json(INPUT);
        assertThat(answer.propertyNames()).containsExactly("answer", "stages");
        assertThat(answer.path("stages")).hasSize(2);
        for (JsonNode stage : answer.path("stages")) {
            assertThat(stage.propertyNames())
                    .containsExactly(
                            "stack",
                            "stage",
                            "base",
                            "adapter_digest",
                            "prompt",
                            "output",
                            "finish_reason",
                            "prompt_tokens",
                            "truncated_tokens",
                            "completion_tokens",
                            "mean_logprob",
                            "tokens",
                            "token_logprobs",
                            "prefill_ms",
                            "decode_ms",
                            "sampling");
            assertThat(stage.path("token_logprobs"))
                    .hasSize(stage.path("completion_tokens").intValue());
            assertThat(stage.path("mean_logprob").doubleValue())
                    .isCloseTo(
                            stage.path("token_logprobs")
                                    .valueStream()
                                    .mapToDouble(JsonNode::doubleValue)
                                    .average()
                                    .orElseThrow(),
                            offset(1e-9)); // sums of doubles
            assertThat(stage.path("adapter_digest").stringValue()).matches("[0-9a-f]{64}");
        }
        JsonNode last = answer.path("stages").get(1);
        assertThat(last.path("prompt").stringValue())
                .isEqualTo(
                        INPUT
                                + "\nFocus: "
                                + answer.path("stages").get(0).path("output").stringValue()
                                + "\nAnswer:");
        assertThat(last.path("output")).isEqualTo(answer.path("answer"));
    }

    @Test
    void theTraceShowsPromptOutputAndNumbersOfEveryStageAndThenTheAnswer() {
        Locale.setDefault(Locale.GERMANY); // numbers keep their points
        Cli.Result result = cairn("run", stack, INPUT, "--trace");
        String answer = json(INPUT).path("answer").stringValue();
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains(
                        "focus, asked:\n  | Emma went to the park.\n  | Where is Emma?\n  | Focus:")
                .contains("answer, says:\n  | " + answer.replace("\n", "\n  | "))
                .containsPattern(
                        "[0-9]+ tokens read, [0-9]+ written.*, mean log-probability -[0-9]+\\.[0-9]{4}, [0-9]+ ms")
                .endsWith("\n" + answer + "\n");
    }

    @Test
    void anEditStandsForAStageAndWhatFollowsIsRunAgain() {
        JsonNode answer = json(INPUT, "--set", "focus=place of = Emma\n'x'");
        JsonNode focus = answer.path("stages").get(0);
        assertThat(focus.path("output").stringValue()).isEqualTo("place of = Emma\n'x'");
        assertThat(focus.path("finish_reason").stringValue()).isEqualTo("edited");
        assertThat(answer.path("stages").get(1).path("prompt").stringValue())
                .contains("Focus: place of = Emma\n'x'\n");

        Cli.Result trace = cairn("run", stack, INPUT, "--trace", "--set", "focus=place");
        assertThat(trace.out()).startsWith("focus, set by hand:\n  | place\n\nanswer, asked:\n");

        Cli.Result last = cairn("run", stack, INPUT, "--set", "answer=the park");
        assertThat(last.out()).isEqualTo("the park\n");
    }

    @Test
    void aDashReadsTheInputFromStdin() {
        Cli.Result result = Cli.cairnReading(INPUT + "\n", "run", stack, "-");
        assertThat(result).isEqualTo(cairn("run", stack, INPUT));
    }

    @Test
    void anEmptyInputIsOneLine() {
        for (Cli.Result result :
                List.of(cairn("run", stack, " \n"), Cli.cairnReading("", "run", stack, "-"))) {
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).hasLineCount(1).contains("the input is empty");
        }
    }

    @Test
    void aStoryLongerThanTheWindowLosesItsBeginningAndIsAnswered() {
        String story = "Emma went to the park. ".repeat(60) + "\nWhere is Emma?";
        JsonNode first = json(story).path("stages").get(0);
        assertThat(first.path("truncated_tokens").intValue()).isPositive();
        assertThat(first.path("prompt_tokens").intValue())
                .isEqualTo(160 - 8); // the window less max_new_tokens
        assertThat(first.path("prompt").stringValue()).endsWith("Where is Emma?\nFocus:");
        Cli.Result trace = cairn("run", stack, story, "--trace");
        assertThat(trace.status()).isZero();
        assertThat(trace.out())
                .contains(
                        "152 tokens read (the first %d did not fit and were left out)"
                                .formatted(first.path("truncated_tokens").intValue()));
    }

    @Test
    void lettersOfAnyScriptSurvive() {
        JsonNode answer = json("Zoë går til 東京 🚂.\nWhere?", "--set", "answer=東京 🚂");
        assertThat(answer.path("answer").stringValue()).isEqualTo("東京 🚂");
        assertThat(
                        json("Zoë går til 東京 🚂.\nWhere?")
                                .path("stages")
                                .get(0)
                                .path("prompt")
                                .stringValue())
                .startsWith("Zoë går til 東京 🚂.");
    }

    @Test
    void mistakesAreOneLine() {
        Cli.Result unknown = cairn("run", stack, INPUT, "--set", "fcous=x");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err())
                .hasLineCount(1)
                .contains("there is no stage fcous to set; the stages are focus, answer");

        Cli.Result missing = cairn("run", stack, INPUT, "--output", temp);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .hasLineCount(1)
                .contains("stage focus has no adapter in " + temp.resolve("focus"), "cairn train");

        Cli.Result noFile = cairn("run", temp.resolve("none.yaml"), INPUT);
        assertThat(noFile.status()).isEqualTo(1);
        assertThat(noFile.err())
                .hasLineCount(1)
                .contains("none.yaml: cannot be read: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a --set focus", "a --sett focus=x"})
    void wrongUsageIsOneLine(String args) {
        List<String> words = args.isEmpty() ? List.of() : List.of(args.split(" ", -1));
        Cli.Result result = cairn("run", stack, words);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).endsWith("; try cairn run --help\n");
    }

    @Test
    void adaptersOfAnotherBaseAreRefused() throws IOException {
        Path copy = temp.resolve("adapters");
        for (String stage : List.of("focus", "answer")) {
            Files.createDirectories(copy.resolve(stage));
            for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
                Files.copy(
                        shared.resolve("adapters").resolve(stage).resolve(name),
                        copy.resolve(stage).resolve(name));
            }
        }
        Path config =
                TinyBase.write(
                        temp.resolve("pretrain.yaml"),
                        TinyBase.changed(
                                TinyBase.CONFIG,
                                "hidden_size: 16",
                                "hidden_size: 24",
                                "steps: 40",
                                "steps: 1"));
        assertThat(cairn("pretrain", config).status()).isZero();
        Cli.Result result =
                cairn("run", TinyBase.stack(temp, temp.resolve("base")), INPUT, "--output", copy);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains("adapter_model.safetensors")
                .doesNotContain("internal error");
    }

    private static JsonNode json(String input, Object... more) {
        Cli.Result result = cairn("run", stack, input, "--json", List.of(more));
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        return JsonMapper.shared().readTree(result.out());
    }
}
