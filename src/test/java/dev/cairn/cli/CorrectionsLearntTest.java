package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.data.Question;
import dev.cairn.data.Split;
import dev.cairn.data.StoryGenerator;
import dev.cairn.stack.ModelFinder;
import dev.cairn.stack.StackConfig;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.RequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person corrected is learnt by the next training. */
class CorrectionsLearntTest {
    private static final String ADAPTER = "adapter_model.safetensors";

    @TempDir private static Path shared;
    private static Path base;

    @TempDir private Path temp;

    @BeforeAll
    static void pretrain() {
        base = TinyBase.in(shared);
    }

    private Path stack(String... changes) {
        return TinyBase.stack(temp, base, changes);
    }

    private static CorrectionBook book(Path yaml) {
        return CorrectionBook.of(List.of(StackConfig.load(yaml, ModelFinder.PATHS)));
    }

    private static Question question(int number) {
        return StoryGenerator.questions(3, 60, Split.TRAIN).get(number);
    }

    private static Correction answer(Question question, String text) {
        return new Correction("tiny", "answer", question.input(), Map.of("focus", "f"), text);
    }

    @Test
    void aCorrectionChangesWhatItsStageLearnsAndNoOther() throws IOException {
        Path yaml = stack();
        assertThat(cairn("train", yaml).status()).isZero();

        String file = book(yaml).add(answer(question(0), " zebra \n"));
        assertThat(file).isEqualTo(temp.resolve("adapters/corrections.jsonl").toString());
        assertThat(Files.readString(Path.of(file)))
                .contains("\"stage\":\"answer\"", "\"answer\":\"zebra\"", "\"focus\":\"f\"");

        Path next = temp.resolve("next");
        Cli.Result result = cairn("train", yaml, "--output", next);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "answer: learning from 1 corrections too, which take the place of 1 questions")
                .doesNotContain("focus: learning from");
        assertThat(next.resolve("focus").resolve(ADAPTER))
                .hasSameBinaryContentAs(temp.resolve("adapters/focus").resolve(ADAPTER));
        assertThat(
                        Files.mismatch(
                                next.resolve("answer").resolve(ADAPTER),
                                temp.resolve("adapters/answer").resolve(ADAPTER)))
                .isNotEqualTo(-1);

        // Another correction afterwards is another training.
        book(yaml).add(answer(question(1), "walrus"));
        Cli.Result resumed = cairn("train", yaml, "--output", next, "--resume");
        assertThat(resumed.status()).isEqualTo(1);
        assertThat(resumed.lastError())
                .contains(
                        "answer/checkpoint.safetensors", "then corrections: 1:", "corrections: 2:");
    }

    /** Many epochs on nothing else: the stage writes what it was told to. */
    @Test
    void aStageWritesWhatItWasCorrectedTo() {
        Path yaml =
                stack(
                        "count: 60",
                        "count: 2",
                        "val_set_size: 6",
                        "val_set_size: 0",
                        "num_epochs: 1",
                        "num_epochs: 300",
                        "learning_rate: 0.01",
                        "learning_rate: 0.03",
                        "lora_r: 2",
                        "lora_r: 8",
                        "lora_dropout: 0.1",
                        "lora_dropout: 0");
        List<Question> questions = StoryGenerator.questions(3, 2, Split.TRAIN);
        CorrectionBook book = book(yaml);
        for (Question question : questions) {
            book.add(answer(question, "wrong at first"));
            book.add(answer(question, "Olga Olga"));
        }
        Cli.Result result = cairn("train", yaml, "--stage", "answer");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "answer: learning from 2 corrections too, which take the place of 2 questions");
        assertThat(cairn("train", yaml, "--stage", "focus").status()).isZero();
        Cli.Result run = cairn("run", yaml, "--set", "focus=f", questions.getFirst().input());
        assertThat(run.out()).as(run.err()).isEqualTo("Olga Olga\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'stage':'answer','input':'q','stages':{'answer':'a'}} | corrections.jsonl:1: stage answer needs {{focus}}",
                "{'stage':'facts','input':'q','stages':{'facts':'a'}} | corrections.jsonl:1: there is no stage facts; the stages are: focus, answer",
                "nonsense | corrections.jsonl:1: not valid JSON",
            })
    void aBadCorrectionIsOneLineAndNothingIsTrained(String line, String message) {
        Path yaml = stack();
        TinyBase.write(temp.resolve("adapters/corrections.jsonl"), line.replace('\'', '"') + "\n");
        Cli.Result result = cairn("train", yaml);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError()).contains(message);
        assertThat(temp.resolve("adapters/focus")).doesNotExist();
    }

    @Test
    void correctionsAloneAreNotEnough() {
        Path yaml = stack("data:\n  stories: {seed: 3, count: 60}\n", "");
        book(yaml).add(answer(question(0), "zebra"));
        assertThat(cairn("train", yaml).lastError()).contains("stack.yaml: data: missing");
    }

    @Test
    void correctionsOfAStageThatIsNotTrainedAreToldOf() {
        Path yaml = stack();
        book(yaml).add(new Correction("tiny", "focus", "q", Map.of(), "x"));
        Path untrained = stack("- name: focus\n", "- name: focus\n    adapter: none\n");
        Cli.Result result = cairn("train", untrained);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "corrections.jsonl:1: stage focus is not trained, so its corrections are not learnt");
    }

    @ParameterizedTest
    @CsvSource({
        "other, answer, focus, model, 'model: expected a stack, found ''other''; there is: tiny'",
        "tiny, nose, focus, stage, 'stage: expected one that cairn train trains, found ''nose''; there is: focus, answer'",
        "tiny, answer, nose, texts.nose, 'texts.nose: expected stages before answer, which are: focus'",
        "tiny, answer, '', texts.focus, texts.focus is missing: stage answer reads it",
    })
    void whatNobodyCouldLearnIsRefused(
            String model, String stage, String text, String field, String message) {
        CorrectionBook book = book(stack());
        Map<String, String> texts = text == null || text.isEmpty() ? Map.of() : Map.of(text, "t");
        assertThatThrownBy(() -> book.add(new Correction(model, stage, "q", texts, "x")))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessage(message);
        assertThat(temp.resolve("adapters")).doesNotExist();
    }

    @Test
    void aStageThatLearnsToWriteOtherTextsTooIsRefused() {
        Path yaml =
                stack("Answer:\"\n", "Answer:\"\n    target: \" {{focus}} {{answer}} {{why}}\"\n");
        assertThatThrownBy(() -> book(yaml).add(answer(question(0), "x")))
                .isInstanceOf(RequestException.class)
                .hasMessage(
                        "stage: answer learns to write {{why}} as well, which a correction does not have; add an example to the data instead");
    }
}
