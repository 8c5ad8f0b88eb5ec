package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.model.Models;
import dev.cairn.stack.Stack;
import dev.cairn.stack.Stacks;
import dev.cairn.stack.TinyBases;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What earlier stages write for the training of a later one, and what is kept of it. */
class UpstreamWriterTest {
    /** The base writes {@code cat} after a hash and {@code dog} after an at sign. */
    private static final String STAGES =
            """
            - {name: first, prompt: "{{input}}#", adapter: none}
            - {name: aside, prompt: "{{input}}#", adapter: none}
            - {name: second, prompt: "<{{first}}>@", adapter: none}
            - {name: third, prompt: "{{second}}", adapter: none}
            """;

    @TempDir Path folder;

    @BeforeEach
    void writeBase() {
        TinyBases.chains(folder.resolve("base"), "#cat", "@dog");
    }

    @Test
    void eachStageReadsWhatTheStudentWroteBefore() throws IOException {
        assertThat(texts(STAGES, "hi")).isEqualTo(Map.of("first", "cat", "second", "dog"));
        assertThat(kept())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"stage\":\"first\"", "\"prompt\":\"hi#\"", "\"text\":\"cat\"");
        assertThat(kept().getLast()).contains("\"prompt\":\"<cat>@\"", "\"text\":\"dog\"");
    }

    @Test
    void itWritesWhatTheStackWrites() {
        TinyBases.random(folder.resolve("base"), 1);
        TinyBases.adapter(folder.resolve("out/a"), folder.resolve("base"), 2);
        TinyBases.adapter(folder.resolve("adapters/b"), folder.resolve("base"), 3);
        String stages =
                """
                - {name: a, prompt: "{{input}}"}
                - {name: b, prompt: "{{input}}{{a}}!", adapter: adapters/b, answer_after: "e"}
                """;
        Map<String, String> texts = texts(stages + "- {name: c, prompt: \"{{b}}.\"}\n", "hi");
        Stack stack = Stacks.open(folder, stages);
        Stacks.answer(stack, "hi")
                .stages()
                .forEach(trace -> assertThat(texts).containsEntry(trace.stage(), trace.output()));
    }

    @Test
    void whatIsKeptIsNotWrittenAgain() throws IOException {
        texts(STAGES, "hi");
        replaceInFile("\"cat\"", "\"cow\"");
        // The second stage has not read this prompt yet.
        assertThat(texts(STAGES, "hi")).containsEntry("first", "cow");
        assertThat(kept()).hasSize(3).last().asString().contains("\"prompt\":\"<cow>@\"");
        try (UpstreamWriter again = student(STAGES)) {
            again.texts("hi");
            again.texts("hi");
        }
        assertThat(kept()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@ | .@ | 3", // Of the second stage alone.
                "adapter: none} | adapter: none, answer_after: \"x\"} | 4",
                "adapter: none} | adapter: none, decoding: {max_new_tokens: 2}} | 4",
            })
    void otherPromptsAndSettingsMakeNewTexts(String from, String to, int texts) throws IOException {
        texts(STAGES, "hi");
        texts(STAGES.replace(from, to), "hi");
        assertThat(kept()).hasSize(texts);
    }

    @Test
    void anotherAdapterMakesNewTexts() throws IOException {
        String stages = "- {name: a, prompt: \"{{input}}\"}\n- {name: b, prompt: \"{{a}}\"}\n";
        for (int seed : List.of(1, 2, 1)) {
            TinyBases.adapter(folder.resolve("out/a"), folder.resolve("base"), seed);
            texts(stages, "hi");
        }
        assertThat(kept()).hasSize(2);
    }

    @Test
    void aLineCutShortByAKillIsDropped() throws IOException {
        texts(STAGES, "hi");
        List<String> whole = kept();
        Files.write(file(), new byte[] {'{', '"', (byte) 0xC3}, StandardOpenOption.APPEND);
        assertThat(texts(STAGES, "hi")).containsEntry("second", "dog");
        assertThat(kept()).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({"'{]'", "'{\"stage\":\"first\",\"writer\":\"w\",\"prompt\":\"hi#\"}'"})
    void aDamagedLineIsNamed(String damaged) throws IOException {
        texts(STAGES, "hi");
        Files.write(file(), List.of(kept().getFirst(), damaged, kept().getLast()));
        assertThatThrownBy(() -> student(STAGES).close())
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        file()
                                + ":2: expected the JSON object of a text; the file is damaged, delete this line");
    }

    private Map<String, String> texts(String stages, String input) {
        try (UpstreamWriter student = student(stages)) {
            return student.texts(input);
        }
    }

    private UpstreamWriter student(String stages) {
        StackConfig config = Stacks.ofStages(folder, stages);
        Path base = config.baseModel();
        return UpstreamWriter.open(
                config,
                config.upstreamOf(config.stages().getLast()),
                new UpstreamWriter.Base(
                        Models.open(base), Models.digest(base), Tokenizer.load(base)),
                config.outputDir(),
                Clock.systemDefaultZone());
    }

    private Path file() {
        return folder.resolve("out/student.jsonl");
    }

    private List<String> kept() throws IOException {
        return Files.readAllLines(file());
    }

    private void replaceInFile(String from, String to) throws IOException {
        Files.writeString(file(), Files.readString(file()).replace(from, to));
    }
}
