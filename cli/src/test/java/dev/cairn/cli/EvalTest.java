package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("long")
class EvalTest {
    private static final String BABI =
            """
            1 Mary moved to the bathroom.
            2 John went to the hallway.
            3 Where is Mary? \tbathroom\t1
            4 Daniel went back to the hallway.
            5 Where is Daniel? \thallway\t4
            """;

    @TempDir private static Path shared;
    private static Path base;
    private static Path questions;

    @TempDir private Path temp;

    /** The base as it is. */
    private Path plain;

    @BeforeAll
    static void prepare() {
        base = TinyBase.in(shared);
        questions = shared.resolve("held-out.jsonl");
        assertThat(cairn("stories", questions, "--split", "held-out", "--count", 6).status())
                .isZero();
    }

    @BeforeEach
    void writeAStackWithoutAdapters() {
        plain = plain("plain");
    }

    private Path plain(String name) {
        Path folder = temp.resolve(name);
        return TinyBase.stack(
                folder,
                base,
                "name: tiny",
                "name: " + name,
                "Focus:\"\n",
                "Focus:\"\n    adapter: none\n",
                "Answer:\"\n",
                "Answer:\"\n    adapter: none\n");
    }

    @Test
    void theTableNamesTheSetTheSystemAndEveryKind() {
        Cli.Result result = cairn("eval", plain, "--data", questions);
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("held-out (n = 6)\n")
                .contains("exact match", "95% interval", "plain", "kind");
    }

    @Test
    void jsonHasEveryQuestion() {
        JsonNode json = json("eval", plain, "--data", questions, "--json");
        JsonNode set = json.path("systems").get(0).path("sets").get(0);
        assertThat(set.path("name").stringValue()).isEqualTo("held-out");
        assertThat(set.path("total").intValue()).isEqualTo(6);
        assertThat(set.path("items")).hasSize(6);
        assertThat(set.path("failed").intValue()).isZero();
        assertThat(set.path("low").doubleValue())
                .isLessThanOrEqualTo(set.path("exact_match").doubleValue());
        assertThat(set.path("high").doubleValue())
                .isGreaterThanOrEqualTo(set.path("exact_match").doubleValue());
    }

    @Test
    void theLimitHoldsForEveryFileOfAFolder() {
        Path folder = temp.resolve("sets");
        cairn("stories", folder.resolve("a.jsonl"), "--split", "harder", "--count", 5);
        TinyBase.write(folder.resolve("qa1_test.txt"), BABI);
        JsonNode json = json("eval", plain, "--data", folder, "--limit", 1, "--json");
        JsonNode set = json.path("systems").get(0).path("sets").get(0);
        assertThat(set.path("name").stringValue()).isEqualTo("sets");
        assertThat(set.path("items")).hasSize(2);
    }

    @Test
    void aBabiFileIsRead() {
        Path file = TinyBase.write(temp.resolve("qa1_test.txt"), BABI);
        JsonNode json = json("eval", plain, "--data", file, "--json");
        JsonNode items = json.path("systems").get(0).path("sets").get(0).path("items");
        assertThat(items).hasSize(2);
        assertThat(items.get(1).path("gold").stringValue()).isEqualTo("hallway");
    }

    @Test
    void ofADividedFolderTheTestPartIsAskedAndWhatItLacksIsTold() {
        Path folder = temp.resolve("set");
        String good = "{\"prompt\": \"Where?\", \"completion\": \" here\"}\n";
        TinyBase.write(folder.resolve("train.jsonl"), "not to be read");
        Path test =
                TinyBase.write(
                        folder.resolve("test.jsonl"), good + good.replace(" here", "") + good);
        Cli.Result result = cairn("eval", plain, "--data", folder);
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("set (n = 1)\n");
        assertThat(result.err())
                .isEqualTo(
                        test + ": left out 1 record with an empty output and 1 duplicate of 3\n");
    }

    @Test
    void theFirstOfSeveralStacksIsComparedWithTheOthersAndThePageShowsIt() {
        Path page = temp.resolve("new folder/report.html");
        Cli.Result result =
                cairn(
                        "eval",
                        plain,
                        plain("second"),
                        "--data",
                        questions,
                        "--limit",
                        3,
                        "--report",
                        page);
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("plain against the others", "McNemar p", "second");
        assertThat(result.err()).isEqualTo("report in " + page + "\n");
        assertThat(page)
                .content()
                .contains("Evaluation of plain, second", "held-out")
                // The command as a shell reads it.
                .contains("--report &#39;" + page + "&#39;")
                .endsWith("</html>\n");
    }

    @Test
    void aQuestionThatFailsCountsAsWrongAndTheOthersAreAsked() {
        // What the first stage writes never holds the marker, so the second has nothing to read.
        Path failing =
                TinyBase.stack(
                        temp.resolve("failing"),
                        base,
                        "Focus:\"\n",
                        "Focus:\"\n    adapter: none\n    answer_after: no such text\n",
                        "prompt: \"{{input}}\\nFocus: {{focus}}\\nAnswer:\"\n",
                        "prompt: \"{{focus}}\"\n    adapter: none\n");
        JsonNode json = json("eval", failing, "--data", questions, "--json");
        JsonNode set = json.path("systems").get(0).path("sets").get(0);
        assertThat(set.path("failed").intValue()).isEqualTo(6);
        assertThat(set.path("correct").intValue()).isZero();
        assertThat(set.path("items").get(0).path("error").stringValue())
                .contains("stage answer has an empty prompt");
    }

    @Test
    void whyIsAnsweredForEveryStageInEveryForm() {
        Path page = temp.resolve("report.html");
        Cli.Result result = cairn("eval", plain, "--data", questions, "--why", "--report", page);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith("held-out (n = 6)\n")
                .contains("why: plain on held-out (n = 6, wrong 6)\n")
                .contains("  blame ", "  drift ", "  faithfulness ");
        assertThat(page).content().contains("Why plain is right or wrong: held-out");

        JsonNode why = json("eval", plain, "--data", questions, "--why", "--json").path("why");
        assertThat(why).hasSize(1);
        assertThat(why.get(0).path("stages"))
                .extracting(stage -> stage.path("stage").stringValue())
                .containsExactly("focus", "answer");
        assertThat(why.get(0).path("faults")).hasSize(6);
    }

    @Test
    void whyNeedsGoldTextsAndAnotherStageToBlame() {
        String line = "{\"id\": \"%s\", \"input\": \"%s?\", \"answer\": \"here\"%s}\n";
        Path data =
                TinyBase.write(
                        temp.resolve("data.jsonl"),
                        line.formatted("first", "Where", ", \"stages\": {\"focus\": \"place\"}")
                                + line.formatted("second", "Who", ""));
        fails(
                1,
                "data.jsonl: question second has no gold text for stage focus",
                plain,
                "--data",
                data,
                "--why");
        Path single =
                TinyBase.write(
                        temp.resolve("single.yaml"),
                        "name: single\nbase_model: %s\noutput_dir: out\nstages:\n  - name: answer\n    prompt: \"{{input}}\"\n    adapter: none\n"
                                .formatted(base.toAbsolutePath()));
        fails(1, "found only one stage (--why)", single, "--data", questions, "--why");
    }

    @Test
    void mistakesAreOneLine() {
        fails(1, "none.jsonl: no such file", plain, "--data", temp.resolve("none.jsonl"));
        Path empty = TinyBase.write(temp.resolve("empty.jsonl"), "");
        fails(1, "empty.jsonl: no question in this file", plain, "--data", empty);
        Path broken = TinyBase.write(temp.resolve("broken.jsonl"), "{\"input\": \"a\"}\n");
        fails(1, "broken.jsonl:1: missing field 'answer'", plain, "--data", broken);
        fails(1, "has no adapter in", TinyBase.stack(temp, base), "--data", questions);
        fails(
                1,
                "question sets: two of them are named 'held-out'; give each its own name",
                plain,
                "--data",
                questions,
                "--data",
                questions);
        fails(1, "two of them are named 'plain'", plain, plain, "--data", questions);
        fails(2, "--limit: expected at least 1, found 0", plain, "--data", questions, "--limit", 0);
        fails(2, "Missing required option: '--data=FILE|DIR'", plain);
        fails(
                2,
                "--output goes with one stack",
                plain,
                plain,
                "--data",
                questions,
                "--output",
                temp);
    }

    private static void fails(int status, String message, Object... args) {
        Cli.Result result = cairn("eval", List.of(args));
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("cairn: ").contains(message);
    }

    private static JsonNode json(Object... args) {
        Cli.Result result = cairn(args);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        return JsonMapper.shared().readTree(result.out());
    }
}
