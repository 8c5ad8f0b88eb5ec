package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoriesTest {
    @TempDir private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"train", "held-out", "harder", "HARDER"})
    void everySplitIsWrittenAndTheSameBytesEachTime(String split) {
        Path file = temp.resolve("new/a.jsonl");
        Cli.Result result = cairn("stories", file, "--split", split, "--count", 7, "--seed", 5);
        assertThat(result).isEqualTo(new Cli.Result(0, "", "7 questions in " + file + "\n"));
        List<Question> questions = QuestionSet.load(file).questions();
        assertThat(questions)
                .hasSize(7)
                .allSatisfy(q -> assertThat(q.id()).contains(split.toLowerCase(Locale.ROOT)))
                .allSatisfy(
                        q -> assertThat(q.stages()).containsKeys("focus", "facts", "reasoning"));
        Path again = temp.resolve("b.jsonl");
        cairn("stories", again, "--split", split, "--count", 7, "--seed", 5);
        assertThat(again).hasSameBinaryContentAs(file);
        cairn("stories", again, "--split", split, "--count", 7, "--seed", 6);
        assertThat(QuestionSet.load(again).questions()).isNotEqualTo(questions);
    }

    @Test
    void withoutACountThereAreThreeHundred() {
        Path file = temp.resolve("a.jsonl");
        assertThat(cairn("stories", file, "--split", "train").status()).isZero();
        assertThat(QuestionSet.load(file).questions()).hasSize(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--split train --count 0 | --count: expected at least 1, found 0",
                "--split train --count many | 'many' is not an int",
                "--split test | expected train, held-out, unseen, harder or deeper, found 'test'",
                "--count 3 | Missing required option: '--split=SPLIT'",
            })
    void wrongUsageIsOneLineAndNothingIsWritten(String args, String message) {
        Path file = temp.resolve("a.jsonl");
        Object[] words = ("stories " + file + " " + args).split(" ", -1);
        Cli.Result result = cairn(words);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(message)
                .endsWith("; try cairn stories --help\n");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenIsOneLine() {
        Path inTheWay = TinyBase.write(temp.resolve("file"), "in the way");
        Cli.Result result = cairn("stories", inTheWay.resolve("a.jsonl"), "--split", "train");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains("a.jsonl: cannot write: expected a folder, found a file");
    }
}
