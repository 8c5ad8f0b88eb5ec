package dev.cairn.server.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of traces when the process, or the disk, ends. */
@Timeout(120)
@Tag("process")
class TraceStoreCrashTest {
    @TempDir private Path temp;

    private Process writer(String before, int count, int characters) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of("bash", "-c", before + "exec \"$@\"", "bash", java);
        List<String> all = new ArrayList<>(command);
        // Over before the second compiler pays off.
        all.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        all.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        all.add(System.getProperty("java.class.path"));
        all.add(TraceWriter.class.getName());
        all.addAll(List.of(file().toString(), "" + count, "" + characters));
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    private Path file() {
        return temp.resolve("traces.db");
    }

    @Test
    void aKillLosesNoTraceThatWasKept() throws IOException, InterruptedException, SQLException {
        List<String> kept = new ArrayList<>();
        for (int run = 1; run <= 3; run++) {
            Process writer = writer("", 1_000_000, 500);
            try (BufferedReader lines = writer.inputReader(UTF_8)) {
                for (int i = 0; i < 70 * run; i++) {
                    kept.add(String.valueOf(lines.readLine()));
                }
                writer.destroyForcibly();
                assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        try (TraceRecorder traces = TraceRecorder.open(TraceSettings.in(file()), warning -> {})) {
            TraceStore store = traces.store().orElseThrow();
            assertThat(kept).hasSize(420).allMatch(id -> store.get(id).isPresent());
            assertThat(store.list(new TraceQuery("question", null, null, 1000, null)).traces())
                    .hasSameSizeAs(store.list(TraceQuery.newest(1000)).traces());
        }
        assertThat(integrity()).isEqualTo("ok");
    }

    @Test
    void aFullDiskLosesTracesAndNothingElse()
            throws IOException, InterruptedException, SQLException {
        Process writer = writer("ulimit -f 3000; ", 150, 20_000);
        String output = new String(writer.getInputStream().readAllBytes(), UTF_8);
        assertThat(writer.waitFor()).as(output).isZero();

        List<String> lines = output.lines().toList();
        List<String> kept = lines.stream().filter(line -> line.matches("[0-9A-Z]{26}")).toList();
        assertThat(lines).filteredOn(line -> line.contains("a trace is lost: ")).hasSize(1);
        assertThat(lines.getLast()).isEqualTo("lost " + (150 - kept.size()));
        assertThat(kept).hasSizeBetween(1, 149);
        assertThat(integrity()).isEqualTo("ok");
        try (TraceRecorder traces = TraceRecorder.open(TraceSettings.in(file()), warning -> {})) {
            TraceStore store = traces.store().orElseThrow();
            assertThat(kept).allMatch(id -> store.get(id).isPresent());
            assertThat(store.add(TraceRecords.of("there is room again", "a"))).isPresent();
        }
    }

    private String integrity() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
            return row.getString(1);
        }
    }
}
