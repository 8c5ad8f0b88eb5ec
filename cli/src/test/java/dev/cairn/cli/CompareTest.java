package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("long")
class CompareTest {
    private static final String STACK =
            """
            name: NAME
            base_model: BASE
            output_dir: nowhere
            decoding: {max_new_tokens: 8, stop: [".", "\\n"]}
            stages: [{name: answer, prompt: "PROMPT", adapter: none}]
            """;

    @TempDir Path folder;

    /** Evaluates a stack of one stage on the bundled base and keeps what it said. */
    private Path run(String name, String prompt, int questions) {
        Path stack =
                TinyBase.write(
                        folder.resolve(name + ".yaml"),
                        TinyBase.changed(
                                STACK,
                                "NAME",
                                name,
                                "BASE",
                                Path.of("models/pebble").toAbsolutePath().toString(),
                                "PROMPT",
                                prompt));
        Path set = folder.resolve("set.jsonl");
        assertThat(Cli.cairn("stories", set, "--split", "held-out", "--count", 20).status())
                .isZero();
        Path out = folder.resolve("run-" + name + questions);
        Cli.Result result =
                Cli.cairn("eval", stack, "--data", set, "--limit", questions, "--output_path", out);
        assertThat(result.status()).as(result.err()).isZero();
        return out;
    }

    @Test
    void keptEvaluationsAreComparedWithTheirCosts() throws IOException {
        Path one = run("one", "{{input}}\\nAnswer: The", 12);
        Path two = run("two", "{{input}}\\nAnswer:", 12);
        Path page = folder.resolve("compare.html");
        Cli.Result result = Cli.cairn("compare", one, "renamed=" + two, "--report", page);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("set exact_match (n = 12)")
                .contains("one against the others, in percentage points")
                .contains("renamed")
                .containsPattern("parameters in all +1,122,688 +1,122,688")
                .containsPattern("tokens written +[0-9.]+ +[0-9.]+");
        assertThat(Files.readString(page)).contains("What they cost", "How this was made");
        Cli.Result json = Cli.cairn("compare", one, two, "--json");
        JsonNode duel = new JsonMapper().readTree(json.out()).path("duels").get(0);
        assertThat(duel.path("first").asString()).isEqualTo("one");
        assertThat(duel.path("items").asInt()).isEqualTo(12);
    }

    @Test
    void severalRunsOfASystemAreJoined() {
        Path one = run("one", "{{input}}\\nAnswer: The", 6);
        Path two = run("two", "{{input}}\\nAnswer:", 6);
        Cli.Result result = Cli.cairn("compare", "pair=" + one + "," + two, "alone=" + two);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("pair +[0-9.]+% +\\[.*\\] +[0-9.]+ [0-9.]+\n");
    }

    @Test
    void whatCannotBeComparedIsOneLine() {
        Path one = run("one", "{{input}}\\nAnswer: The", 6);
        Path fewer = run("two", "{{input}}\\nAnswer:", 5);
        assertError("were not scored on the same items", "compare", one, fewer);
        assertError("has no results.json", "compare", one, folder);
        assertError("both named 'one'", "compare", one, one);
        assertThat(Cli.cairn("compare", one).status()).isEqualTo(2);
    }

    private static void assertError(String message, Object... args) {
        Cli.Result result = Cli.cairn(args);
        assertThat(result.status()).isOne();
        assertThat(result.err()).contains(message).hasLineCount(1);
    }
}
