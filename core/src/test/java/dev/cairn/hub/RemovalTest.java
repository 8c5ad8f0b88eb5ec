package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemovalTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final int SIZE = 1000;

    @TempDir private Path temp;
    private Path cache = Path.of("");

    private final FakeHub hub = FakeHub.start();

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubSettings settings() {
        return new HubSettings(cache, URI.create("http://none"), true, null);
    }

    private RemovedModel remove(String name) {
        return Hub.remove(settings(), name, false);
    }

    private void pull(String... names) {
        cache = temp.resolve("cache");
        for (String name : names) {
            new Pulls(hub, cache).pull(name);
        }
    }

    private Path folder(String part) {
        return cache.resolve("models--org--model").resolve(part);
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && !Files.isSymbolicLink(file))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aModelIsRemovedWithAllItsRevisionsAndNothingElse() throws IOException {
        FakeRepository repository =
                hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]).revision("v1");
        hub.repository("org/model2").model().large(WEIGHTS, new byte[SIZE]);
        pull("org/model", "org/model@v1", "org/model2");
        Files.write(folder("blobs/x" + BlobDownload.UNFINISHED), new byte[7]);
        long before = bytes(cache);
        long others = bytes(cache.resolve("models--org--model2"));

        RemovedModel planned = Hub.remove(settings(), "org/model", true);
        assertThat(bytes(cache)).isEqualTo(before);

        RemovedModel removed = remove("org/model");
        assertThat(removed).isEqualTo(planned);
        assertThat(removed.commits()).containsExactly(repository.commit());
        assertThat(removed.revisions()).containsExactly("main", "v1");
        assertThat(removed.bytes()).isEqualTo(before - others).isGreaterThan(SIZE);
        assertThat(folder("")).doesNotExist();
        assertThat(Hub.list(settings())).extracting(CachedModel::id).containsExactly("org/model2");
    }

    @Test
    void aRevisionGoesWithTheBlobsThatNoOtherNeeds() throws IOException {
        FakeRepository old = hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]);
        pull("org/model");
        String oldCommit = old.commit();
        old.large(WEIGHTS, new byte[2 * SIZE]);
        pull("org/model");
        String newCommit = old.commit();
        assertThat(newCommit).isNotEqualTo(oldCommit);

        RemovedModel removed = remove("org/model@" + oldCommit);

        assertThat(removed.commits()).containsExactly(oldCommit);
        assertThat(removed.revisions()).isEmpty();
        assertThat(removed.bytes()).isEqualTo(SIZE); // all other files are those of the new commit
        Path snapshot = new Pulls(hub, cache).offline().pull("org/model").path();
        assertThat(snapshot).endsWith(Path.of(newCommit));
        assertThat(snapshot.resolve(WEIGHTS)).hasSize(2 * SIZE);
        assertThat(snapshot.resolve("config.json")).exists();
    }

    @Test
    void aNameGoesAloneWhereAnotherNameKeepsTheCommit() {
        hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]).revision("v1");
        pull("org/model", "org/model@v1");

        RemovedModel removed = remove("org/model@v1");

        assertThat(removed.commits()).isEmpty();
        assertThat(removed.revisions()).containsExactly("v1");
        assertThat(removed.keptFor()).containsExactly("main");
        assertThat(removed.bytes()).isEqualTo(40); // the name itself
        assertThat(new Pulls(hub, cache).offline().pull("org/model").path()).exists();
        assertThatThrownBy(() -> remove("org/model@v1"))
                .hasMessage(
                        "org/model@v1: is not in %s; cairn list shows what is".formatted(cache));
    }

    @Test
    void aGgufFileGoesWithItsPartsAndTheOthersStay() {
        hub.repository("org/model")
                .large("m-Q4_K_M-00001-of-00002.gguf", new byte[10])
                .large("m-Q4_K_M-00002-of-00002.gguf", new byte[20])
                .large("m-Q8_0.gguf", new byte[40])
                .large("same-F16.gguf", new byte[20]); // the same blob as the second part
        pull("org/model:Q4_K_M", "org/model:Q8_0", "org/model:F16");

        RemovedModel planned = Hub.remove(settings(), "org/model:Q4_K_M", true);
        RemovedModel removed = remove("org/model:Q4_K_M");

        assertThat(removed).isEqualTo(planned);
        assertThat(removed.files())
                .containsExactly("m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.gguf");
        assertThat(removed.bytes()).isEqualTo(10);
        assertThat(new Pulls(hub, cache).offline().pull("org/model:Q8_0").path()).hasSize(40);
        assertThat(new Pulls(hub, cache).offline().pull("org/model:F16").path()).hasSize(20);
        assertThatThrownBy(() -> remove("org/model:Q4_K_M"))
                .hasMessageContaining("m-Q8_0.gguf, same-F16.gguf");

        remove("org/model:F16");
        assertThat(remove("org/model:Q8_0").revisions()).containsExactly("main");
        assertThat(Hub.list(settings())).isEmpty();
    }

    @Test
    void whatIsBeingDownloadedStays() throws Exception {
        hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]);
        pull("org/model");
        Path lock = cache.resolve(".locks/models--org--model/cairn.lock");
        assertThat(lock).exists();
        // A thread of its own, because the lock within this process belongs to its owner.
        try (var downloads = Executors.newSingleThreadExecutor()) {
            var held = downloads.submit(() -> RepositoryLock.acquire(lock, () -> {})).get();
            assertThatThrownBy(() -> remove("org/model"))
                    .isInstanceOf(CairnException.class)
                    .hasMessage(
                            "org/model: another process is downloading it; end that, or wait until it is done");
            downloads.submit(held::close).get();
        }
        assertThat(folder("blobs")).exists();
        assertThat(remove("org/model").bytes()).isPositive();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]);
        pull("org/model");
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "x");
        Files.createSymbolicLink(folder("snapshots/linked"), elsewhere);
        Files.createSymbolicLink(cache.resolve("models--org--other"), elsewhere);

        assertThatThrownBy(() -> remove("org/other"))
                .hasMessage(
                        "%s: is a link, so what it stands for is not Cairn's to remove; remove it by hand"
                                .formatted(cache.resolve("models--org--other")));
        remove("org/model");

        assertThat(precious).exists();
        assertThat(folder("")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "/tmp",
                "a/b/c",
                "org/..",
                "org/model@../x",
                "org/model@",
                "~/x",
                "models--org--model",
                "org/model:Q4_K_M",
                "org/model:../../x",
                "org/model@main:model.gguf"
            })
    void whatIsNoIdIsRefused(String name) {
        hub.repository("org/model").model().large(WEIGHTS, new byte[SIZE]);
        pull("org/model");
        assertThatThrownBy(() -> remove(name)).isInstanceOf(CairnException.class);
        assertThat(folder("refs/main")).exists();
    }

    @Test
    void aModelThatIsNotThereLeavesNoLock() {
        cache = temp.resolve("none");
        assertThatThrownBy(() -> remove("org/model"))
                .hasMessage("org/model: is not in %s; cairn list shows what is".formatted(cache));
        assertThat(cache).doesNotExist();
    }
}
