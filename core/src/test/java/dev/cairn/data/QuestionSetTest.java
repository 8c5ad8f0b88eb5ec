package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionSetTest {
    private static final Question SMALL = new Question("a", "k", "Is it?", "yes", Map.of());

    @TempDir Path directory;

    @Test
    void readsBackWhatItWrote() {
        Path folder = directory.resolve("new");
        Path file = folder.resolve("questions.jsonl");
        for (int seed = 0; seed < 200; seed++) {
            List<Question> questions = random(new SplittableRandom(seed));
            QuestionSet.write(file, questions);
            List<Question> read = QuestionSet.load(file).questions();
            assertThat(read).as("seed %d", seed).isEqualTo(questions);
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i).stages().keySet())
                        .containsExactlyElementsOf(questions.get(i).stages().keySet());
            }
        }
        assertThat(folder.toFile().list()).containsExactly("questions.jsonl");
    }

    @Test
    void readsBackGeneratedQuestions() {
        List<Question> questions = StoryGenerator.questions(3, 60, Split.HARDER);
        Path file = directory.resolve("harder.jsonl");
        QuestionSet.write(file, questions);
        assertThat(QuestionSet.load(file).questions()).isEqualTo(questions);
    }

    @Test
    void givesWhatARecordLeavesOut() throws IOException {
        Path file = file("mine.jsonl", "\n{\"input\": \"Is it?\", \"answer\": \"yes\"}\n\n");
        assertThat(QuestionSet.load(file).questions())
                .containsExactly(
                        new Question("mine-000002", "question", "Is it?", "yes", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"input\":\"x\",\"answer\":\"y\",\"anwser\":\"z\"} | unknown field 'anwser'",
                "{\"answer\":\"y\"} | missing field 'input'",
                "{\"input\":\"x\"} | missing field 'answer'",
                "{\"input\":\"x\",\"answer\":\" \"} | field 'answer' is empty",
                "{\"input\":\"x\",\"answer\":7} | field 'answer' must be a string, found NUMBER",
                "{\"input\":null,\"answer\":\"y\"} | field 'input' must be a string, found NULL",
                "{\"input\":\"x\",\"answer\":\"y\",\"id\":1} | field 'id' must be a string",
                "{\"input\":\"x\",\"answer\":\"y\",\"stages\":[]} | field 'stages' must be an object",
                "{\"input\":\"x\",\"answer\":\"y\",\"stages\":{\"a\":1}} | field 'stages.a' must be",
                "{\"input\":\"x\",\"answer\":\"y\",\"answer\":\"z\"} | not valid JSON",
                "{\"input\":\"x\",\"answer\":\"y\"} {} | not valid JSON",
                "{\"input\":\"x\", | not valid JSON",
                "[1] | expected a JSON object, found '[1]'",
                "plain words | not valid JSON"
            })
    void namesFileLineAndFaultOfABadRecord(String record, String fault) throws IOException {
        Path file = file("bad.jsonl", "{\"input\":\"x\",\"answer\":\"y\"}\n\n" + record + "\n");
        assertThatThrownBy(() -> QuestionSet.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ":3: ")
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n");
    }

    @Test
    void tellsTheFormatsApartByContent() throws IOException {
        Path babi =
                file("questions.jsonl", "\r\n1 Ann is in a hut.\r\n2 Where is Ann?\thut\t1\r\n");
        assertThat(QuestionSet.load(babi).questions())
                .extracting(Question::answer)
                .containsExactly("hut");
        Path json = file("questions.txt", "\n  {\"input\": \"Is it?\", \"answer\": \"yes\"}\n");
        assertThat(QuestionSet.load(json).questions())
                .extracting(Question::answer)
                .containsExactly("yes");
        Path neither = file("notes.txt", "\nDear diary,\n");
        assertThatThrownBy(() -> QuestionSet.load(neither))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        neither
                                + ":2: expected JSON records or a numbered bAbI line such as '1 …',"
                                + " found 'Dear diary,'");
    }

    @Test
    void readsADirectoryByFileName() throws IOException {
        file("b.jsonl", "{\"input\": \"Second?\", \"answer\": \"b\"}");
        file("a.txt", "1 Ann is in a hut.\n2 Where is Ann?\thut\t1\n");
        file("b2.json", "[{\"input\": \"Third?\", \"answer\": \"c\"}]");
        file("README.md", "not a question file");
        Files.createDirectory(directory.resolve("c.jsonl"));
        assertThat(QuestionSet.load(directory).questions())
                .extracting(Question::answer)
                .containsExactly("hut", "b", "c");
    }

    @Test
    void refusesADirectoryWithoutQuestions() {
        assertThatThrownBy(() -> QuestionSet.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory
                                + ": no question file (*.jsonl, *.json or *.txt) in this directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "1 Ann is in a hut.\n"})
    void refusesAFileWithoutQuestions(String content) throws IOException {
        Path file = file("empty.txt", content);
        assertThatThrownBy(() -> QuestionSet.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessage(file + ": no question in this file");
    }

    @Test
    void refusesWhatIsNotTextOrNotThere() throws IOException {
        Path binary = directory.resolve("binary.jsonl");
        Files.write(binary, new byte[] {'{', (byte) 0xc3, (byte) 0x28});
        assertThatThrownBy(() -> QuestionSet.load(binary))
                .isInstanceOf(CairnException.class)
                .hasMessage(binary + ":1: not UTF-8 text; convert it to UTF-8");
        Path absent = directory.resolve("absent.jsonl");
        assertThatThrownBy(() -> QuestionSet.load(absent))
                .isInstanceOf(CairnException.class)
                .hasMessage(absent + ": no such file or directory");
    }

    @Test
    void refusesTwoQuestionsWithOneId() throws IOException {
        Path file = file("twice.jsonl", (JsonlQuestions.format(SMALL) + "\n").repeat(2));
        assertThatThrownBy(() -> QuestionSet.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("two questions have the id 'a'");
    }

    @Test
    void leavesTheOldFileAloneWhenItCannotWriteTheNew() throws IOException {
        Path file = directory.resolve("questions.jsonl");
        QuestionSet.write(file, List.of(SMALL));
        assertThatThrownBy(() -> QuestionSet.write(file, List.of()))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("nothing was written");
        // Half a surrogate pair has no UTF-8 form.
        var broken = new Question("b", "k", "\ud83d", "yes", Map.of());
        assertThatThrownBy(() -> QuestionSet.write(file, List.of(SMALL, broken)))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": cannot write: it is not UTF-8");
        assertThat(QuestionSet.load(file).questions()).containsExactly(SMALL);
        assertThat(directory.toFile().list()).hasSize(1);
    }

    @Test
    void ofADividedDirectoryEachPartHasItsUse() throws IOException {
        file("train.jsonl", "{\"input\": \"1\", \"answer\": \"train\"}");
        file("more.jsonl", "{\"input\": \"2\", \"answer\": \"more\"}");
        file("valid.json", "[{\"input\": \"3\", \"answer\": \"valid\"}]");
        assertThat(QuestionSet.load(directory).questions())
                .extracting(Question::answer)
                .containsExactly("train");
        assertThat(QuestionSet.loadToAsk(directory, 9).questions())
                .extracting(Question::answer)
                .containsExactly("valid");
        file("test.jsonl", "{\"input\": \"4\", \"answer\": \"test\"}");
        assertThat(QuestionSet.loadToAsk(directory, 9).questions())
                .extracting(Question::answer)
                .containsExactly("test");
    }

    @Test
    void refusesADividedDirectoryWithoutThePart() throws IOException {
        Path test = file("test.jsonl", "{\"input\": \"1\", \"answer\": \"a\"}");
        assertThatThrownBy(() -> QuestionSet.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory
                                + ": expected train.jsonl, found test.jsonl; add it or name the"
                                + " file to read");
        Path train = Files.move(test, directory.resolve("train.json"));
        assertThatThrownBy(() -> QuestionSet.loadToAsk(directory, 9))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected test.jsonl or valid.jsonl, found train.json");
        Files.copy(train, directory.resolve("train.jsonl"));
        assertThatThrownBy(() -> QuestionSet.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected one of train.json and train.jsonl, found both");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static List<Question> random(SplittableRandom random) {
        var questions = new ArrayList<Question>();
        int count = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            var stages = new LinkedHashMap<String, String>();
            for (int stage = random.nextInt(4); stage > 0; stage--) {
                stages.put(text(random), random.nextBoolean() ? text(random) : "");
            }
            questions.add(
                    new Question(
                            i + text(random), text(random), text(random), text(random), stages));
        }
        return questions;
    }

    /** Words with everything that JSON must escape, and letters outside ASCII and the BMP. */
    private static String text(SplittableRandom random) {
        List<String> pieces =
                List.of("a", "Zoë", "\"", "\\", "\n", "\r\n", "\t", "\u2028", "😀", "\u0001", " ");
        var text = new StringBuilder("x");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }
}
