package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that are trained on what the stages before them really write. */
class UpstreamTest {
    private static final String ADAPTER = "adapter_model.safetensors";
    private static final String LAST_SETTING = "  save_steps: 3\n";
    private static final String HALF = LAST_SETTING + "  upstream: {teacher: 0.5, student: 0.5}\n";

    @TempDir private static Path shared;
    private static Path base;
    private static Path stack;

    /** What a run from beginning to end wrote. */
    private static Path trained;

    private static Cli.Result result;

    @TempDir private Path temp;

    @BeforeAll
    static void train() {
        base = TinyBase.in(shared);
        stack = TinyBase.stack(shared, base, LAST_SETTING, HALF);
        result = cairn("train", stack);
        assertThat(result.status()).as(result.err()).isZero();
        trained = shared.resolve("adapters");
    }

    @Test
    void aShareOfThePromptsShowsWhatTheEarlierStageWrote() throws IOException {
        long texts = Files.readAllLines(trained.resolve("student.jsonl")).size();
        // Of 60 questions; 4 standard deviations are 15.
        assertThat(texts).isBetween(15L, 45L);
        assertThat(result.err())
                .contains(
                        "answer: %d of 60 prompts show what earlier stages wrote; focus right in 0 of them"
                                .formatted(texts))
                .doesNotContain("focus: 0 of");
    }

    @Test
    void onlyStagesThatReadOthersLearnSomethingElse() throws IOException {
        Path teacher = TinyBase.stack(temp, base);
        assertThat(cairn("train", teacher).status()).isZero();
        assertThat(temp.resolve("adapters/student.jsonl")).doesNotExist();
        assertThat(temp.resolve("adapters/focus").resolve(ADAPTER))
                .hasSameBinaryContentAs(trained.resolve("focus").resolve(ADAPTER));
        assertThat(
                        Files.mismatch(
                                temp.resolve("adapters/answer").resolve(ADAPTER),
                                trained.resolve("answer").resolve(ADAPTER)))
                .isNotNegative();
    }

    @Test
    @Tag("process")
    void aRunKilledAnywhereGoesOnToTheSameAdapter() throws IOException {
        // When the earlier stage is about to write, and when what it wrote is learnt.
        for (String moment : List.of("focus: 27 steps", "answer: step 4 of")) {
            assertThat(
                            Child.killedAt(
                                    line -> line.startsWith(moment),
                                    "train",
                                    stack,
                                    "--output",
                                    temp,
                                    "--resume"))
                    .isEqualTo(Child.KILLED);
        }
        cutShort(temp.resolve("student.jsonl"));
        assertThat(cairn("train", stack, "--output", temp, "--resume").status()).isZero();
        assertThat(temp.resolve("answer").resolve(ADAPTER))
                .hasSameBinaryContentAs(trained.resolve("answer").resolve(ADAPTER));
        assertThat(Files.readAllLines(temp.resolve("student.jsonl")))
                .containsExactlyInAnyOrderElementsOf(
                        Files.readAllLines(trained.resolve("student.jsonl")));
    }

    private static void cutShort(Path file) throws IOException {
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 10));
    }

    @Test
    void oneStageAloneNeedsTheStagesItReads() throws IOException {
        Cli.Result missing = cairn("train", stack, "--stage", "answer", "--output", temp);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.lastError())
                .contains(
                        "stage answer: stages[0].adapter: stage focus has no adapter in "
                                + temp.resolve("focus"),
                        "train it with: cairn train " + stack);
        assertThat(temp.resolve("answer")).doesNotExist();

        for (String stage : List.of("focus", "answer")) {
            assertThat(cairn("train", stack, "--stage", stage, "--output", temp).status()).isZero();
        }
        assertThat(temp.resolve("answer").resolve(ADAPTER))
                .hasSameBinaryContentAs(trained.resolve("answer").resolve(ADAPTER));
    }

    @Test
    void anEarlierAdapterFromElsewhereIsLookedAtBeforeTheFirstStageIsTrained() throws IOException {
        Path yaml =
                TinyBase.stack(
                        temp,
                        base,
                        LAST_SETTING,
                        HALF,
                        "stages:\n",
                        "stages:\n  - name: plan\n    prompt: \"{{input}}\"\n    adapter: nowhere\n",
                        "Focus: {{focus}}",
                        "{{plan}} Focus: {{focus}}");
        Path data = TinyBase.write(temp.resolve("data.jsonl"), question(1) + question(2));
        TinyBase.write(
                yaml,
                TinyBase.changed(
                        Files.readString(yaml), "stories: {seed: 3, count: 60}", "path: " + data));
        Cli.Result missing = cairn("train", yaml);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .hasLineCount(1)
                .contains("stage answer: stages[0].adapter: stage plan has no adapter in")
                .contains("nowhere; check the path");
        assertThat(temp.resolve("adapters")).doesNotExist();
    }

    private static String question(int number) {
        return """
        {"input": "Emma ran %d.", "answer": "yes", "stages": {"plan": "run", "focus": "Emma"}}
        """
                .formatted(number);
    }

    @Test
    void textsThatChangedSinceTheRunBeganAreNotTakenForTheSame() throws IOException {
        assertThat(cairn("train", stack, "--output", temp).status()).isZero();
        Path file = temp.resolve("student.jsonl");
        Files.writeString(
                file, Files.readString(file).replaceAll("\"text\":\"[^\"]*", "\"text\":\"other"));
        Cli.Result changed = cairn("train", stack, "--output", temp, "--resume");
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.lastError())
                .contains("answer/checkpoint.safetensors", "then examples to train on: 54:");
    }
}
