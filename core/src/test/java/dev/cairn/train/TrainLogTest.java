package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainLogTest {
    private static final List<StepLog> STEPS =
            List.of(
                    new StepLog(1, 9, 2.5, 1e-4, 0.1 + 0.2, 100, 0.5, null, Map.of()),
                    new StepLog(2, 9, 2.25, 2e-4, 1.5, 90, 0.25, 3.75, Map.of()),
                    new StepLog(3, 9, Math.PI, 3e-4, 1e-9, 80, 0.125, null, Map.of()));

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void write() {
        file = directory.resolve("train_log.jsonl");
        TrainLog log = TrainLog.open(directory, 0);
        STEPS.forEach(log::append);
    }

    @Test
    void readsWhatWasWrittenOneObjectALine() throws IOException {
        assertThat(TrainLog.read(directory)).isEqualTo(STEPS);
        assertThat(Files.readAllLines(file)).hasSize(3).allMatch(line -> line.startsWith("{"));
    }

    /** Logs of older versions have no measures at all. */
    @Test
    void onlyALineThatWasMeasuredHasMeasures() throws IOException {
        StepLog measured =
                new StepLog(4, 9, 2, 1e-4, 1, 70, 0.5, 3.5, Map.of("copy", 0.25, "find", 1.0));
        TrainLog.open(directory, 3).append(measured);

        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(2)).doesNotContain("measures");
        assertThat(lines.get(3)).contains("\"measures\":{").contains("\"copy\":0.25");
        assertThat(TrainLog.read(directory)).hasSize(4).endsWith(measured);
    }

    @Test
    void aRunWithoutALogHasNoLines() {
        assertThat(TrainLog.read(directory.resolve("other"))).isEmpty();
    }

    @Test
    void resumingDropsTheLinesAfterTheCheckpoint() {
        TrainLog log = TrainLog.open(directory, 1);
        assertThat(TrainLog.read(directory)).isEqualTo(STEPS.subList(0, 1));

        log.append(STEPS.get(1));
        assertThat(TrainLog.read(directory)).isEqualTo(STEPS.subList(0, 2));
    }

    /** Wherever a kill cuts the file, the lines before the cut are whole. */
    @Test
    void aTornLastLineIsDropped() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        String text = new String(whole, StandardCharsets.UTF_8);
        int lastLine = text.lastIndexOf('\n', text.length() - 2);
        for (int length = lastLine - 3; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            String kept = text.substring(0, length);
            // A line that lacks nothing but its line break is whole.
            int lines = (int) kept.chars().filter(c -> c == '}').count();

            TrainLog log = TrainLog.open(directory, 3);

            assertThat(TrainLog.read(directory)).isEqualTo(STEPS.subList(0, lines));
            log.append(STEPS.get(2));
            assertThat(TrainLog.read(directory)).hasSize(lines + 1).endsWith(STEPS.get(2));
        }
    }

    @Test
    void aTailThatNeverReachedTheDiskIsDropped() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        byte[] tail = Arrays.copyOf(whole, whole.length + 5);
        tail[whole.length] = (byte) 0xC3;
        Files.write(file, tail);

        assertThat(TrainLog.read(directory)).isEqualTo(STEPS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"step\":2,",
                "{\"step\":2}",
                "{\"step\":2,\"steps\":9,\"loss\":x}"
            })
    void damageBeforeTheEndIsAnErrorThatNamesTheLine(String damaged) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), damaged, lines.get(2)));

        assertThatThrownBy(() -> TrainLog.read(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ":2: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThatThrownBy(() -> TrainLog.open(directory, 3)).isInstanceOf(CairnException.class);
        assertThat(Files.readAllLines(file)).contains(damaged);
    }

    @Test
    void twoLinesThatRanTogetherAreDamage() throws IOException {
        Files.writeString(file, Files.readString(file).replaceFirst("\n", ""));

        assertThatThrownBy(() -> TrainLog.read(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ":1: ");
    }
}
