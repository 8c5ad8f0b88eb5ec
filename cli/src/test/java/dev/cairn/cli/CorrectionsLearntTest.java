package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.data.Question;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import dev.cairn.recipe.training.StackCorrections;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
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

    private static StackCorrections corrections(Path yaml) {
        return StackCorrections.of(List.of(StackConfig.load(yaml, ModelFinder.PATHS)));
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

        String file = corrections(yaml).add(answer(question(0), " zebra \n"));
        assertThat(file).isEqualTo(temp.resolve("adapters/corrections.jsonl").toString());
        assertThat(Files.readString(Path.of(file)))
                .contains("\"stage\":\"answer\"", "\"answer\":\"zebra\"", "\"focus\":\"f\"");

        Path next = temp.resolve("next");
        Cli.Result result = cairn("train", yaml, "--output", next);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("answer: corrections used: 1, questions replaced: 1")
                .doesNotContain("focus: corrections");
        assertThat(next.resolve("focus").resolve(ADAPTER))
                .hasSameBinaryContentAs(temp.resolve("adapters/focus").resolve(ADAPTER));
        assertThat(
                        Files.mismatch(
                                next.resolve("answer").resolve(ADAPTER),
                                temp.resolve("adapters/answer").resolve(ADAPTER)))
                .isNotEqualTo(-1);

        // Another correction afterwards is another training.
        corrections(yaml).add(answer(question(1), "walrus"));
        Cli.Result resumed = cairn("train", yaml, "--output", next, "--resume");
        assertThat(resumed.status()).isEqualTo(1);
        assertThat(resumed.lastError())
                .contains(
                        "answer/checkpoint.safetensors", "then corrections: 1:", "corrections: 2:");
    }

    /** To the byte: a correction teaches what the same text would in the data. */
    @Test
    void aCorrectionStandsForTheQuestionItCorrects() throws IOException {
        String question =
                "{\"input\": \"Rosa ran to the barn. Where is Rosa?\", \"answer\": \"%s\", \"stages\": {\"focus\": \"place of Rosa\"}}\n";
        TinyBase.write(temp.resolve("wrong.jsonl"), question.formatted("garden"));
        TinyBase.write(temp.resolve("right.jsonl"), question.formatted("barn"));
        Path corrected = onlyFrom("wrong.jsonl");
        StackCorrections corrections = corrections(corrected);
        Correction right =
                new Correction(
                        "tiny",
                        "answer",
                        "Rosa ran to the barn. Where is Rosa?",
                        Map.of("focus", "place of Rosa"),
                        "barn");
        corrections.add(new Correction("tiny", "answer", right.input(), right.texts(), "river"));
        corrections.add(right);
        assertThat(trained(corrected, "a")).contains("corrections used: 1, questions replaced: 1");
        Files.delete(temp.resolve("adapters/corrections.jsonl"));
        assertThat(trained(onlyFrom("right.jsonl"), "b")).doesNotContain("corrections");
        assertThat(temp.resolve("a/answer").resolve(ADAPTER))
                .hasSameBinaryContentAs(temp.resolve("b/answer").resolve(ADAPTER));
    }

    private Path onlyFrom(String file) {
        return stack(
                "stories: {seed: 3, count: 60}",
                "path: " + file,
                "val_set_size: 6",
                "val_set_size: 0");
    }

    private String trained(Path yaml, String output) {
        Cli.Result result =
                cairn("train", yaml, "--stage", "answer", "--output", temp.resolve(output));
        assertThat(result.status()).as(result.err()).isZero();
        return result.err();
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
        corrections(yaml).add(answer(question(0), "zebra"));
        assertThat(cairn("train", yaml).lastError()).contains("stack.yaml: data: missing");
    }

    @Test
    void correctionsOfAStageThatIsNotTrainedAreToldOf() {
        Path yaml = stack();
        corrections(yaml).add(new Correction("tiny", "focus", "q", Map.of(), "x"));
        Path untrained = stack("- name: focus\n", "- name: focus\n    adapter: none\n");
        Cli.Result result = cairn("train", untrained);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "corrections.jsonl:1: stage focus is not trained, so its corrections are not learnt");
    }

    @ParameterizedTest
    @CsvSource({
        "other, answer, focus, model, 'model: expected one of the stacks tiny, found ''other'''",
        "tiny, nose, focus, stage, 'stage: expected one of the trained stages focus, answer, found ''nose'''",
        "tiny, answer, nose, texts.nose, 'texts.nose: expected only texts of the stages before answer: focus'",
        "tiny, answer, '', texts.focus, texts.focus: missing; stage answer reads it",
    })
    void whatNobodyCouldLearnIsRefused(
            String model, String stage, String text, String field, String message) {
        StackCorrections corrections = corrections(stack());
        Map<String, String> texts = text == null || text.isEmpty() ? Map.of() : Map.of(text, "t");
        assertThatThrownBy(() -> corrections.add(new Correction(model, stage, "q", texts, "x")))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessage(message);
        assertThat(temp.resolve("adapters")).doesNotExist();
    }

    @Test
    void aStageThatLearnsToWriteOtherTextsTooIsRefused() {
        Path yaml =
                stack("Answer:\"\n", "Answer:\"\n    target: \" {{focus}} {{answer}} {{why}}\"\n");
        assertThatThrownBy(() -> corrections(yaml).add(answer(question(0), "x")))
                .isInstanceOf(RequestException.class)
                .hasMessage(
                        "stage: answer also learns to write {{why}}, which a correction cannot contain; add an example to the data instead");
    }
}
