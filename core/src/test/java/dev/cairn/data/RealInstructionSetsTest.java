package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Public instruction sets as they are published. Counts and digests were computed with Python's
 * json module from the same files: id, kind, input and answer of every question, with U+001F
 * between them and U+001E after each question.
 */
class RealInstructionSetsTest {
    private static final Path SETS = Path.of("../shared/data/instruction");

    @ParameterizedTest
    @CsvSource({
        "alpaca/alpaca_data.json, 51974,"
                + " 5027ebccecd00c59ba50a59a51a5b847049900072b643a70465f338006ebae3c",
        "dolly/dolly_3k.json, 2994,"
                + " fbf28b89d4b572efe78adf9ca79412909a0af059db42086c3185d2f99629f9a0",
        "self_instruct/seed_tasks.jsonl, 175,"
                + " 0b40ebc906ce07633570474d50ca6c066d0e732bac26852d6412c18041980964",
        "self_instruct/user_oriented_instructions.jsonl, 252,"
                + " 931b328a0e03448ca95a4a2f4b87bf549edbd1768e4171c2a114b0dc27e64247"
    })
    void areReadToTheLastLetter(String name, int count, String digest) {
        List<Question> questions = set(name).questions();
        assertThat(questions).hasSize(count);
        String all =
                questions.stream()
                        .map(q -> String.join("\u001f", q.id(), q.kind(), q.input(), q.answer()))
                        .collect(Collectors.joining("\u001e", "", "\u001e"));
        assertThat(Digests.sha256(all)).isEqualTo(digest);
    }

    @Test
    void whatAlpacaAndDollyLeaveOut() {
        assertThat(set("alpaca/alpaca_data.json").leftOut())
                .extracting(LeftOut::toString)
                .containsExactly(
                        SETS.resolve("alpaca/alpaca_data.json")
                                + ": left out 28 records with an empty output of 52,002");
        assertThat(set("dolly/dolly_3k.json").leftOut())
                .containsExactly(new LeftOut(SETS.resolve("dolly/dolly_3k.json"), 2996, 0, 2, 0));
        assertThat(set("self_instruct/seed_tasks.jsonl").leftOut()).isEmpty();
    }

    @Test
    void theFirstAndTheLastOfAlpaca() {
        List<Question> questions = set("alpaca/alpaca_data.json").questions();
        assertThat(questions.getFirst().id()).isEqualTo("alpaca_data-000001");
        assertThat(questions.getFirst().input()).hasSize(36);
        assertThat(questions.getLast().id()).isEqualTo("alpaca_data-052002");
        assertThat(questions.getLast().input()).hasSize(606);
        assertThat(questions.getLast().answer()).hasSize(755);
    }

    private static QuestionSet set(String name) {
        Path file = SETS.resolve(name);
        Assumptions.assumeTrue(Files.exists(file), "lacks a published instruction set: " + file);
        return QuestionSet.load(file);
    }
}
