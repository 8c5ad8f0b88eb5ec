package dev.cairn.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.hub.FakeHub;
import dev.cairn.hub.FakeRepository;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn pull} and {@code cairn list}. */
class PullTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String UNFINISHED = ".cairn.incomplete";
    private static final int SIZE = 400_000;

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final FakeRepository repository =
            hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]);

    @AfterEach
    void stop() {
        hub.close();
    }

    private Map<String, String> environment() {
        return Map.of("HF_HUB_CACHE", cache.toString(), "HF_ENDPOINT", hub.endpoint());
    }

    private Cli.Result cairn(Object... args) {
        return Cli.cairnWith(environment(), args);
    }

    private Process start(Object... args) throws IOException {
        return Child.start(environment(), args);
    }

    private Path snapshot() {
        return cache.resolve("models--org--model/snapshots").resolve(repository.commit());
    }

    private Path blobs() {
        return cache.resolve("models--org--model/blobs");
    }

    private Path blob(String suffix) {
        return blobs().resolve(repository.hash(WEIGHTS) + suffix);
    }

    @Test
    void stdoutIsTheFolderAndNothingElse() throws IOException {
        Cli.Result first = cairn("pull", "org/model");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo(snapshot() + "\n");
        assertThat(first.err())
                .contains(WEIGHTS + ": downloading 400.0 kB\n")
                .endsWith("org/model: commit " + repository.commit() + ", 5 files\n");
        assertThat(snapshot().resolve(WEIGHTS)).hasSize(SIZE);

        Cli.Result second = cairn("pull", "org/model@" + repository.commit());
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).hasLineCount(1).endsWith(" is up to date\n");
    }

    @Test
    void theListIsForPeopleAndForMachines() throws IOException {
        Cli.Result none = cairn("list");
        assertThat(none.status()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err())
                .isEqualTo("no models in " + cache + "; cairn pull ORG/NAME downloads one\n");

        assertThat(cairn("pull", "org/model").status()).isZero();
        assertThat(cairn("list").out())
                .matches(
                        "org/model@main {2}model +400\\.[0-9] kB {2}[0-9]{4}-[0-9]{2}-[0-9]{2} {2}complete\n");
        Files.delete(snapshot().resolve(WEIGHTS));
        assertThat(cairn("list").out()).endsWith("  incomplete: model.safetensors\n");
        JsonNode json = JsonMapper.shared().readTree(cairn("list", "--json").out());
        assertThat(json.path("cache").stringValue()).isEqualTo(cache.toString());
        JsonNode model = json.path("models").path(0);
        assertThat(model.propertyNames())
                .containsExactly(
                        "id",
                        "file",
                        "revisions",
                        "commit",
                        "kind",
                        "bytes",
                        "modified",
                        "complete",
                        "missing");
        assertThat(model.path("id").stringValue()).isEqualTo("org/model");
        assertThat(model.path("revisions").path(0).stringValue()).isEqualTo("main");
        assertThat(model.path("commit").stringValue()).isEqualTo(repository.commit());
        assertThat(model.path("complete").booleanValue()).isFalse();
        assertThat(model.path("missing").path(0).stringValue()).isEqualTo(WEIGHTS);
    }

    @Test
    void whatCannotBePulledIsOneLineAndStatusOne() throws IOException {
        Cli.Result missing = cairn("pull", "org/other");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out()).isEmpty();
        assertThat(missing.err()).hasLineCount(1).startsWith("cairn: org/other: no such model on ");
        assertThat(cairn("pull", "../x").err()).hasLineCount(1).contains("expected the name");
    }

    @Test
    @Tag("process")
    void twoAtOnceDownloadOnce() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        hub.next(WEIGHTS, FakeHub.holds(100_000, sent, goOn));

        Process first = start("pull", "org/model");
        assertThat(sent.await(60, SECONDS)).isTrue();
        Process second = start("pull", "org/model");
        BufferedReader said = second.errorReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        while (line != null && Child.isOfTheJvm(line)) {
            line = said.readLine();
        }
        assertThat(line).isEqualTo("org/model: another process is downloading it; waiting");
        goOn.countDown();

        Cli.Result firstResult = Child.result(first);
        Cli.Result secondResult = Child.result(second);
        assertThat(firstResult.status()).as(firstResult.err()).isZero();
        assertThat(secondResult.status()).as(secondResult.err()).isZero();
        assertThat(secondResult.out()).isEqualTo(firstResult.out());
        assertThat(secondResult.err()).hasLineCount(1).endsWith(" is up to date\n");
        assertThat(hub.downloads(WEIGHTS)).hasSize(1);
    }

    @Test
    @Tag("process")
    void whatAKilledPullLeftIsGoneOnWith() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        hub.next(WEIGHTS, FakeHub.holds(200_000, new CountDownLatch(1), never));
        Files.createDirectories(blobs());

        try (WatchService watch = cache.getFileSystem().newWatchService()) {
            blobs().register(watch, ENTRY_CREATE, ENTRY_MODIFY);
            Process killed = start("pull", "org/model");
            awaitBytes(watch, blob(UNFINISHED));
            assertThat(killed.destroyForcibly().waitFor(60, SECONDS)).isTrue();
            assertThat(killed.exitValue()).isEqualTo(Child.KILLED);
        }

        assertThat(blob("")).doesNotExist();
        assertThat(snapshot().resolve(WEIGHTS)).doesNotExist();
        assertThat(cache.resolve("models--org--model/refs")).doesNotExist();
        long left = Files.size(blob(UNFINISHED));
        assertThat(left).isPositive().isLessThanOrEqualTo(200_000);

        Cli.Result again = cairn("pull", "org/model");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.err()).containsPattern(" kB, [0-9.]+ [kM]?B already downloaded");
        assertThat(hub.downloads(WEIGHTS).getLast().header("Range"))
                .contains("bytes=" + left + "-");
        assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(new byte[SIZE]);
        try (Stream<Path> blobs = Files.list(blobs())) {
            assertThat(blobs).noneMatch(file -> file.toString().endsWith(UNFINISHED));
        }
    }

    private static void awaitBytes(WatchService watch, Path file)
            throws IOException, InterruptedException {
        while (!Files.exists(file) || Files.size(file) == 0) {
            @Nullable WatchKey key = watch.poll(60, SECONDS);
            assertThat(key).as("nothing was downloaded").isNotNull();
            key.pollEvents();
            key.reset();
        }
    }
}
