package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectionsTest {
    private static final Set<String> READ = Set.of("input", "focus", "facts");

    @TempDir private Path temp;
    private Path file;

    @BeforeEach
    void name() {
        file = temp.resolve("out").resolve("corrections.jsonl");
    }

    private void append(String input, String focus, String text) {
        Corrections.append(
                file, new CorrectedText("facts", input, Map.of("focus", focus), text, ""));
    }

    @Test
    void aLineIsAQuestionInCairnsOwnFormWithTheStageItTeaches() throws IOException {
        append("Where?", "place", "two\nlines");
        Corrections.append(file, new CorrectedText("answer", "Who?", Map.of(), "Olga", "Olga"));
        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        {"id":"correction-000001","kind":"correction","stage":"facts","input":"Where?","stages":{"focus":"place","facts":"two\\nlines"}}
                        {"id":"correction-000002","kind":"correction","stage":"answer","input":"Who?","answer":"Olga","stages":{"answer":"Olga"}}
                        """);
        Corrections read = Corrections.read(file);
        assertThat(read.of("facts", READ))
                .containsExactly(
                        new Question(
                                file + ":1",
                                "correction",
                                "Where?",
                                "",
                                Map.of("focus", "place", "facts", "two\nlines")));
        assertThat(read.of("answer", Set.of("input", "answer"))).hasSize(1);
        assertThat(read.of("focus", READ)).isEmpty();
        assertThat(read.stages()).isEqualTo(Map.of("facts", file + ":1", "answer", file + ":2"));
    }

    @Test
    void withoutAFileThereAreNone() {
        assertThat(Corrections.read(file).stages()).isEmpty();
    }

    @Test
    void ofSeveralAtTheSamePlaceTheLastCounts() {
        append("Where?", "place", "first");
        append("Where?", "another place", "other");
        append("Where?", "place", "second");
        assertThat(texts(READ)).containsExactly("second", "other");
        // Where the stage does not read the focus, all are at the same place.
        assertThat(texts(Set.of("input", "facts"))).containsExactly("second");
    }

    private List<String> texts(Set<String> variables) {
        return Corrections.read(file).of("facts", variables).stream()
                .map(question -> question.stages().getOrDefault("facts", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'stage':'facts','input':'q','stages':{'facts':'t'}} | stage facts needs {{focus}} to learn from a correction",
                "{'stage':'facts','input':'q','stages':{'focus':'f'}} | field 'stages' has no text for the stage 'facts'",
                "{'input':'q','stages':{'focus':'f'}} | missing field 'stage'",
                "{'stage':'facts','input':'','stages':{'facts':'t'}} | field 'input' is empty",
                "{'stage':'facts','inptu':'','stages':{'facts':'t'}} | unknown field 'inptu'",
                "{'stage':'facts','input':'q','stages':{'facts':5}} | field 'stages.facts' must be a string",
                "{'stage': | not valid JSON",
                "[] | expected a JSON object",
            })
    void aBadLineIsNamedByItsNumber(String line, String problem) throws IOException {
        append("Where?", "place", "text");
        Files.writeString(file, Files.readString(file) + "\n" + line.replace('\'', '"') + "\n");
        assertThatThrownBy(() -> Corrections.read(file).of("facts", READ))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ":3: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aLastLineWithoutItsBreakIsNeverDropped() throws IOException {
        append("Where?", "place", "text");
        String whole = Files.readString(file) + "{\"stage\":\"facts\"";
        Files.writeString(file, whole);
        assertThatThrownBy(() -> Corrections.read(file))
                .hasMessageStartingWith(file + ": the last line has no line break at its end");
        assertThatThrownBy(() -> append("Who?", "person", "text"))
                .isInstanceOf(CairnException.class);
        assertThat(file).content().isEqualTo(whole);
    }

    @Test
    void heldOutQuestionsOfACorrectedInputAreNotAsked() {
        List<Question> questions =
                List.of(question("a"), question("b"), question("c"), question("d"));
        Holdout whole = Holdout.of(questions, 2, 1);
        String asked = whole.validation().getFirst().input();
        Holdout rest = whole.without(Set.of(asked));
        assertThat(rest.training()).isEqualTo(whole.training());
        assertThat(rest.validation()).containsExactly(whole.validation().getLast());
    }

    private static Question question(String id) {
        return new Question(id, "k", "input " + id, "a", Map.of());
    }
}
