package dev.cairn.server.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStoreTest {
    @TempDir private Path temp;
    private final List<String> warnings = new ArrayList<>();
    private final List<TraceStore> open = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(TraceRecords.START);

    @AfterEach
    void close() {
        open.forEach(TraceStore::close);
    }

    private TraceStore store() {
        return store(
                temp.resolve("traces.db"), TraceSettings.DEFAULT_MAX_TRACES, Duration.ofDays(30));
    }

    private TraceStore store(Path file, int most, Duration longest) {
        TraceSettings settings = new TraceSettings(file, most, longest, null);
        TraceStore store = TraceStore.open(file, settings, warnings::add, now::get);
        open.add(store);
        return store;
    }

    @Test
    void whatWasKeptIsFoundAgainAlsoByAnotherProcess() {
        String id = store().add(TraceRecords.of("Where is Olga?", "tower")).orElseThrow();

        StoredTrace trace = store().get(id).orElseThrow();
        assertThat(trace.created()).isEqualTo(TraceRecords.START);
        assertThat(trace.model()).isEqualTo("stories");
        assertThat(trace.input()).isEqualTo("Where is Olga?");
        assertThat(trace.answer()).isEqualTo("tower");
        assertThat(trace.millis()).isEqualTo(30);
        assertThat(trace.finishReason()).isEqualTo("stop");
        assertThat(trace.set()).isEqualTo(Map.of("focus", "given"));
        assertThat(trace.rating()).isNull();
        assertThat(trace.stageRatings()).isEmpty();
        assertThat(trace.stages()).hasSize(2);
        assertThat(trace.stageNames()).containsExactly("focus", "answer");
        assertThat(trace.stages().getFirst())
                .containsEntry("stage", "focus")
                .containsEntry("prompt", "Where is Olga?\nFocus:")
                .extractingByKey("sampling")
                .hasFieldOrPropertyWithValue("top_p", 0.9);
        assertThat(store().get("01JN93N9G0")).isEmpty();
    }

    @Test
    void listsTheNewestFirstPageByPage() {
        TraceStore store = store();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(store.add(TraceRecords.of("question " + i, "a" + i)).orElseThrow());
        }
        TracePage first = store.list(TraceQuery.newest(3));
        assertThat(first.more()).isTrue();
        assertThat(first.traces()).extracting("id").isEqualTo(ids.subList(0, 3));
        TracePage second = store.list(new TraceQuery(null, null, null, 3, ids.get(2)));
        assertThat(second.more()).isFalse();
        assertThat(second.traces()).extracting("input").containsExactly("question 1", "question 0");
    }

    @Test
    void aListShowsTheBeginningOfLongTexts() {
        TraceStore store = store();
        store.add(TraceRecords.of("x".repeat(100_000), "short"));
        TracePage.Entry entry = store.list(TraceQuery.newest(1)).traces().getFirst();
        assertThat(entry.input()).hasSize(TracePage.MAX_EXCERPT);
        assertThat(entry.answer()).isEqualTo("short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "olga", // another case
                "OLGA tow", // parts of two words, in any order
                "Answer:", // only in a prompt
                "place of", // only in an output
                "здесь",
                "ЗДЕСЬ",
                "日本語",
                "本語", // shorter than what the index knows
                "O",
                "é",
                "50%",
                "a\"b",
                "don't",
                "  tower \t\n ",
            })
    void findsPartsOfWordsInAnyText(String words) {
        TraceStore store = store();
        store.add(TraceRecords.withoutStages("hidden", "never"));
        String id =
                store.add(
                                TraceRecords.of(
                                        "Where is Olga? здесь 日本語テキスト café 50% a\"b don't",
                                        "tower"))
                        .orElseThrow();
        assertThat(found(store, words)).containsExactly(id);
    }

    /** What would mean something in SQL, or in the language of the index, means itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tower OR never",
                "tow*",
                "NEAR(tower)",
                "text:tower",
                "\"",
                "\"tower",
                "^tower",
                "-never",
                "'; DROP TABLE traces; --",
                "%",
                "_",
                "!",
                "t%r",
                "to\0wer\0zzz",
                "prompt_tokens", // a name inside the JSON, not a text
            })
    void readsNoWordsAsAQuery(String words) {
        TraceStore store = store();
        store.add(TraceRecords.of("Nothing here", "never"));
        store.add(TraceRecords.of("Where is Olga?", "tower"));
        assertThat(found(store, words)).isEmpty();
        assertThat(store.list(TraceQuery.newest(9)).traces()).hasSize(2);
    }

    @Test
    void manyWordsAreNoTooDeepQuery() {
        TraceStore store = store();
        store.add(TraceRecords.of("a b c d", "tower"));
        assertThat(found(store, "a b c d ".repeat(25))).hasSize(1);
        assertThat(found(store, "tower ".repeat(33))).hasSize(1);
    }

    private static List<String> found(TraceStore store, String words) {
        return store.list(new TraceQuery(words, null, null, 50, null)).traces().stream()
                .map(TracePage.Entry::id)
                .toList();
    }

    @Test
    void marksAnswersAndStages() {
        TraceStore store = store();
        String id = store.add(TraceRecords.of("Where?", "tower")).orElseThrow();
        store.add(TraceRecords.of("Who?", "Olga"));

        assertThat(store.rate(id, null, Rating.RIGHT)).isTrue();
        assertThat(store.rate(id, "focus", Rating.RIGHT)).isTrue();
        assertThat(store.rate(id, "focus", Rating.WRONG)).isTrue();
        assertThat(store.rate(id, "nonsense", Rating.WRONG)).isFalse();
        assertThat(store.rate("nobody", null, Rating.WRONG)).isFalse();

        StoredTrace trace = store.get(id).orElseThrow();
        assertThat(trace.rating()).isEqualTo(Rating.RIGHT);
        assertThat(trace.stageRatings()).isEqualTo(Map.of("focus", Rating.WRONG));
        assertThat(store.list(new TraceQuery(null, null, Rating.RIGHT, 9, null)).traces())
                .extracting("id")
                .containsExactly(id);
        assertThat(store.list(new TraceQuery(null, null, Rating.WRONG, 9, null)).traces())
                .isEmpty();
        assertThat(store.list(new TraceQuery(null, "other", null, 9, null)).traces()).isEmpty();

        assertThat(store.rate(id, null, null)).isTrue();
        assertThat(store.get(id).orElseThrow().rating()).isNull();
    }

    @Test
    void whatIsDeletedIsNotFoundAndNotInTheFile() throws IOException {
        TraceStore store = store();
        String id = store.add(TraceRecords.of("SECRETWORD", "tower")).orElseThrow();
        store.rate(id, null, Rating.RIGHT);
        assertThat(store.delete(id)).isTrue();
        assertThat(store.delete(id)).isFalse();
        assertThat(store.get(id)).isEmpty();
        assertThat(found(store, "SECRET")).isEmpty();
        store.close();
        assertThat(new String(Files.readAllBytes(temp.resolve("traces.db")), UTF_8))
                .doesNotContain("SECRETWORD");
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        TraceStore store = store(temp.resolve("t.db"), 3, Duration.ofDays(30));
        for (int i = 0; i < 7; i++) {
            store.add(TraceRecords.of("question " + i, "a"));
        }
        assertThat(store.list(TraceQuery.newest(9)).traces())
                .extracting("input")
                .containsExactly("question 6", "question 5", "question 4");
        assertThat(found(store, "question")).hasSize(3);

        TraceStore smaller = store(temp.resolve("t.db"), 1, Duration.ofDays(30));
        assertThat(smaller.list(TraceQuery.newest(9)).traces()).hasSize(1);
    }

    @Test
    void whatIsTooOldGoesWithTheNextTraceOrTheNextStart() {
        TraceStore store = store(temp.resolve("t.db"), 9, Duration.ofHours(1));
        store.add(TraceRecords.of("first", "a"));
        now.updateAndGet(t -> t.plusSeconds(3601));
        store.add(TraceRecords.of("second", "a"));
        assertThat(store.list(TraceQuery.newest(9)).traces())
                .extracting("input")
                .containsExactly("second");
        now.updateAndGet(t -> t.plusSeconds(3601));
        assertThat(store(temp.resolve("t.db"), 9, Duration.ofHours(1)).list(TraceQuery.newest(9)))
                .isEqualTo(new TracePage(List.of(), false));
    }

    @Test
    void spaceIsGivenBack() throws IOException {
        Path file = temp.resolve("t.db");
        TraceStore large = store(file, 500, Duration.ofDays(1));
        for (int i = 0; i < 120; i++) {
            large.add(TraceRecords.of("word" + i + " ".repeat(20_000), "a"));
        }
        large.close();
        long before = Files.size(file);
        store(file, 3, Duration.ofDays(1)).close();
        assertThat(Files.size(file)).isLessThan(before / 4);
    }

    @Test
    void onlyItsOwnerMayReadTheFileAndItsLogs() throws IOException {
        Path file = Files.createFile(temp.resolve("traces.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        store().add(TraceRecords.of("a", "b"));
        try (Stream<Path> files = Files.list(temp)) {
            for (Path each : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aNameMayHaveAnyCharacters() {
        Path file = temp.resolve("new folder").resolve("träces 100%?mode=memory#1.db");
        store(file, 9, Duration.ofDays(1)).add(TraceRecords.of("a", "b"));
        assertThat(file).exists();
        assertThat(store(file, 9, Duration.ofDays(1)).list(TraceQuery.newest(9)).traces())
                .hasSize(1);
    }

    @Test
    void aFileOfSomethingElseIsRefusedAndLeftAsItIs() throws Exception {
        Path text = Files.writeString(temp.resolve("a.txt"), "no database ".repeat(100));
        assertThatThrownBy(() -> store(text, 9, Duration.ofDays(1)))
                .isInstanceOf(CairnException.class)
                .hasMessage(text + ": is not a file of traces; choose another file");
        assertThat(text).hasContent("no database ".repeat(100));

        Path other = temp.resolve("other.db");
        sql(other, "CREATE TABLE mine (x)");
        byte[] before = Files.readAllBytes(other);
        assertThatThrownBy(() -> store(other, 9, Duration.ofDays(1)))
                .hasMessageContaining("is a database of another program");
        assertThat(other).hasBinaryContent(before);

        Path newer = temp.resolve("newer.db");
        store(newer, 9, Duration.ofDays(1)).close();
        sql(newer, "PRAGMA user_version = 2");
        assertThatThrownBy(() -> store(newer, 9, Duration.ofDays(1)))
                .hasMessageContaining("expected traces of version 1, found 2");

        assertThatThrownBy(() -> store(temp, 9, Duration.ofDays(1)))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(temp + ": traces cannot be stored here: ");
        assertThatThrownBy(() -> store(text.resolve("t.db"), 9, Duration.ofDays(1)))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(text.resolve("t.db") + ": traces cannot be stored here: ");
    }

    private static void sql(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void aLockedFileLosesTracesAndSaysSoOnce() throws SQLException {
        TraceStore store = store();
        Path file = temp.resolve("traces.db");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            assertThat(store.add(TraceRecords.of("lost", "a"))).isEmpty();
            assertThat(store.add(TraceRecords.of("lost", "b"))).isEmpty();
            assertThatThrownBy(() -> store.delete("x"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("another process has locked the file");
            assertThat(store.list(TraceQuery.newest(9)).traces()).isEmpty();
            statement.executeUpdate("ROLLBACK");
        }
        assertThat(store.lost()).isEqualTo(2);
        assertThat(warnings)
                .containsExactly(
                        file
                                + ": a trace is lost: another process has locked the file; the server continues, and this is logged once");
        assertThat(store.add(TraceRecords.of("kept", "c"))).isPresent();
        assertThat(store.list(TraceQuery.newest(9)).traces()).hasSize(1);
    }

    @Test
    void afterItsEndNothingIsKeptAndNothingFails() {
        TraceStore store = store();
        store.close();
        assertThat(store.add(TraceRecords.of("late", "a"))).isEqualTo(Optional.empty());
        assertThat(store.lost()).isEqualTo(1);
    }

    @Test
    void manyThreadsWriteAndReadAtOnce() throws InterruptedException {
        TraceStore store = store();
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int number = t;
            threads.add(
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                            .start(() -> use(store, "thread" + number, ids)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(ids).hasSize(8 * 20);
        assertThat(store.lost()).isZero();
        assertThat(found(store, "thread3")).hasSize(20);
    }

    private static void use(TraceStore store, String name, Set<String> ids) {
        for (int i = 0; i < 20; i++) {
            String id = store.add(TraceRecords.of(name, "a" + i)).orElseThrow();
            ids.add(id);
            assertThat(store.rate(id, null, Rating.WRONG)).isTrue();
            assertThat(store.get(id).orElseThrow().rating()).isEqualTo(Rating.WRONG);
            assertThat(found(store, name)).contains(id);
        }
    }
}
