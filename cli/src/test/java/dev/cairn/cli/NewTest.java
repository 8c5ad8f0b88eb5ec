package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.remote.FakeTeacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cairn new}: what it writes trains as it is, here on a few of its questions. */
@Tag("long")
class NewTest {
    @TempDir private Path temp;

    private Path written(String template) {
        Path folder = temp.resolve("my-" + template);
        Cli.Result result = cairn("new", folder, "--template", template);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("README.md")).content().startsWith("# my-" + template + "\n");
        return folder.resolve("stack.yaml");
    }

    /** So few questions that training takes moments. */
    private static void shorten(Path stack) throws IOException {
        Files.writeString(
                stack,
                TinyBase.changed(
                                Files.readString(stack),
                                "path: train.jsonl",
                                "path: train.jsonl\n  sample: 12")
                        .replaceAll("num_epochs: \\d+", "num_epochs: 1")
                        .replaceAll("val_set_size: \\d+", "val_set_size: 4"));
    }

    private static void trainAndAnswer(Path stack, String question) {
        Cli.Result trained = cairn("train", stack);
        assertThat(trained.status()).as(trained.err()).isZero();
        Cli.Result answer = cairn("run", stack, question);
        assertThat(answer.status()).as(answer.err()).isZero();
        Cli.Result eval =
                cairn("eval", stack, "--data", stack.resolveSibling("test.jsonl"), "--limit", 2);
        assertThat(eval.status()).as(eval.err()).isZero();
        assertThat(cairn("lock", stack).status()).isZero();
        assertThat(cairn("verify", stack).status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps", "classification"})
    void aStackWithGoldTextsTrains(String template) throws IOException {
        Path stack = written(template);
        shorten(stack);
        trainAndAnswer(stack, "Paul took the hat.\nWho has the hat?");
    }

    @Test
    void aTaughtStackTrainsOnceItsTeacherHasWritten() throws IOException {
        Path stack = written("distilled");
        shorten(stack);
        Cli.Result untaught = cairn("train", stack);
        assertThat(untaught.status()).isEqualTo(1);
        assertThat(untaught.err()).contains("write them with: cairn distill " + stack);

        // A good pupil of the instruction: it copies the story's first sentence.
        try (FakeTeacher teacher = FakeTeacher.saying(NewTest::firstSentence)) {
            Files.writeString(
                    stack,
                    TinyBase.changed(
                            Files.readString(stack),
                            "http://localhost:11434/v1",
                            teacher.baseUrl().toString()));
            Cli.Result distilled = cairn("distill", stack);
            assertThat(distilled.status()).as(distilled.out() + distilled.err()).isZero();
        }
        trainAndAnswer(stack, "Paul took the hat.\nWho has the hat?");
    }

    private static String firstSentence(String prompt) {
        String story = prompt.substring(prompt.indexOf("\n\n") + 2);
        return story.substring(0, story.indexOf('.') + 1);
    }

    /** The test set is of other things than those learnt from. */
    @Test
    void noMessageOfTheTestSetIsInTheTrainingSet() throws IOException {
        Path stack = written("classification");
        List<String> learnt = Files.readAllLines(stack.resolveSibling("train.jsonl"));
        assertThat(learnt).hasSize(288).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(stack.resolveSibling("test.jsonl")))
                .hasSizeGreaterThan(50)
                .doesNotContainAnyElementsOf(learnt);
    }

    @Test
    void theBaseIsNamedFromTheNewFolderOrByItsId() throws IOException {
        Path stack = written("steps");
        String pebble =
                temp.resolve("my-steps")
                        .toAbsolutePath()
                        .relativize(Path.of("models/pebble").toAbsolutePath())
                        .toString();
        assertThat(stack).content().contains("\nbase_model: \"" + pebble + "\"\n");
        Path other = temp.resolve("other");
        assertThat(cairn("new", other, "--base", "org/model@v1").status()).isZero();
        assertThat(other.resolve("stack.yaml"))
                .content()
                .contains("\nbase_model: \"org/model@v1\"\n");
    }

    @Test
    void mistakesAreOneLineAndNothingIsOverwritten() throws IOException {
        Path full = Files.createDirectories(temp.resolve("full"));
        Path precious = Files.writeString(full.resolve("stack.yaml"), "mine");
        assertOneLine(1, cairn("new", full), full + ": expected a new or empty folder");
        assertOneLine(1, cairn("new", precious), "expected a new or empty folder, found a file");
        assertThat(precious).hasContent("mine");
        Path none = temp.resolve("none");
        assertOneLine(
                1, cairn("new", none, "--base", "./gone"), "--base: expected a model that is");
        assertOneLine(2, cairn("new", none, "--template", "poem"), "--template");
        assertOneLine(2, cairn("new"), "DIR");
        assertThat(none).doesNotExist();
    }

    private static void assertOneLine(int status, Cli.Result result, String part) {
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("cairn: ").contains(part);
        assertThat(result.err().toLowerCase(Locale.ROOT)).doesNotContain("exception");
    }
}
