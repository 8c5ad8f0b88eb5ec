package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.data.stories.StoryReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BabiQuestionsTest {
    private static final Path REAL = Path.of("../shared/data/benchmarks/babi/en");

    private static final String TWO_STORIES =
            """
            1 Piet went to the mill.
            2 Piet took the flag.
            3 Where is the flag? \tmill\t2 1
            4 Piet went to the zoo.
            5 Where is the flag? \tzoo\t2 4
            1 Wim is fond of Ria.
            2 Who likes ria?\tWim\t1
            3 How many?\tone,two\t1
            """;

    @TempDir Path directory;

    @Test
    void aQuestionKnowsOnlyTheStatementsBeforeIt() throws IOException {
        assertThat(read("qa2_two-facts_test.txt", TWO_STORIES))
                .extracting(Question::input)
                .containsExactly(
                        "Piet went to the mill. Piet took the flag.\nWhere is the flag?",
                        "Piet went to the mill. Piet took the flag. Piet went to the zoo.\n"
                                + "Where is the flag?",
                        "Wim is fond of Ria.\nWho likes ria?",
                        "Wim is fond of Ria.\nHow many?");
    }

    @Test
    void derivesTheStagesFromTheSupportingLines() throws IOException {
        List<Question> questions = read("qa2_two-facts_test.txt", TWO_STORIES);
        assertThat(questions.get(1))
                .isEqualTo(
                        new Question(
                                "qa2_two-facts_test-000005",
                                "qa2",
                                "Piet went to the mill. Piet took the flag. Piet went to the zoo.\n"
                                        + "Where is the flag?",
                                "zoo",
                                Map.of(
                                        "focus", "flag",
                                        "facts", "Piet took the flag. Piet went to the zoo.",
                                        "reasoning", "Piet went to the zoo. So the answer is zoo.",
                                        "answer", "zoo")));
        assertThat(questions.get(0).stages())
                .containsEntry("facts", "Piet took the flag. Piet went to the mill.");
        assertThat(questions.get(1).stages().keySet())
                .containsExactly("focus", "facts", "reasoning", "answer");
        assertThat(questions.get(2).stages()).containsEntry("focus", "ria");
        assertThat(questions.get(3).stages()).containsEntry("focus", "How many");
        assertThat(questions.get(3).answer()).isEqualTo("one,two");
    }

    @Test
    void toleratesWindowsLineEndsBlankLinesAndMissingSupport() throws IOException {
        String unix = TWO_STORIES + "4 Who is it?\tRia\n";
        List<Question> windows = read("task.txt", unix.replace("\n", "\r\n") + "\r\n");
        assertThat(windows).isEqualTo(read("task.txt", unix)).hasSize(5);
        assertThat(windows.getLast().kind()).isEqualTo("task");
        assertThat(windows.getLast().stages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "no number here|expected a line number and text, found 'no number here'",
                "99999999999 Ann sat.|expected a line number and text, found '99999999999 Ann sat.'",
                "3 Ann sat.|expected line number 2 or 1, found 3",
                "0 Ann sat.|expected line number 2 or 1, found 0",
                "2 Who?\tAnn\t7|supporting line '7' is not an earlier statement of this story",
                "2 Who?\tAnn\t2|supporting line '2' is not an earlier statement of this story",
                "2 Who?\tAnn\tone|supporting line 'one' is not an earlier statement of this story",
                "2 Who?\tAnn\t1\t1|expected question, answer and supporting lines, found 4 columns",
                "2 Who?\t\t1|the answer is empty",
                "2 \tAnn\t1|the question is empty",
                "1 Who?\tAnn\t|expected at least one statement before the question"
            })
    void namesFileLineAndFaultOfABadLine(String line, String fault) throws IOException {
        Path file = directory.resolve("bad.txt");
        Files.writeString(file, "1 Ann is in a hut.\n" + line + "\n");
        assertThatThrownBy(() -> QuestionSet.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessage(file + ":2: " + fault);
    }

    @Test
    void aFileMustBeginWithLineOne() throws IOException {
        Path file = Files.writeString(directory.resolve("cut.txt"), "7 Ann is in a hut.\n");
        assertThatThrownBy(() -> QuestionSet.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessage(file + ":1: expected line number 1, found 7");
    }

    @Test
    void readsTheRealTasks() {
        Assumptions.assumeTrue(Files.isDirectory(REAL), "lacks the bAbI tasks: " + REAL);
        List<Question> questions = QuestionSet.load(REAL).questions();
        Map<String, List<Question>> byKind =
                questions.stream().collect(Collectors.groupingBy(Question::kind));
        assertThat(byKind.keySet())
                .containsAll(Set.of("qa1", "qa2", "qa4", "qa6", "qa7", "qa9", "qa19", "qa20"));
        assertThat(byKind.values()).allSatisfy(kind -> assertThat(kind).hasSize(2000));
        assertThat(questions)
                .allSatisfy(question -> {
                    assertThat(question.stages())
                            .hasSize(4)
                            .doesNotContainValue("")
                            .containsEntry("answer", question.answer());
                    String story = question.input().lines().toList().getFirst();
                    assertThat(StoryReader.sentences(story))
                            .containsAll(
                                    StoryReader.sentences(
                                            question.stages().getOrDefault("facts", "")));
                });
    }

    private List<Question> read(String name, String content) throws IOException {
        return QuestionSet.load(Files.writeString(directory.resolve(name), content)).questions();
    }
}
