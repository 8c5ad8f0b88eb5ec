package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the cache already: used without the hub, and listed. */
class CachedModelsTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final HubId ID = HubId.parse("org/model");

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final FakeRepository repository =
            hub.repository("org/model").model().large(WEIGHTS, Pulls.bytes(1000));

    @AfterEach
    void stop() {
        hub.close();
    }

    private Pulls pulls() {
        return new Pulls(hub, cache);
    }

    private List<CachedModel> list() {
        return Hub.list(new HubSettings(cache, URI.create("http://none"), true, null));
    }

    @Test
    void aModelThatIsWholeIsFoundWithoutAskingTheHub() {
        Path folder = pulls().pull("org/model").path();
        int before = hub.requests().size();

        assertThat(pulls().hub().find(ID)).isEqualTo(folder);
        assertThat(pulls().hub().find(HubId.parse("org/model@" + repository.commit())))
                .isEqualTo(folder);
        assertThat(pulls().offline().hub().find(ID)).isEqualTo(folder);
        assertThat(pulls().offline().pull("org/model"))
                .isEqualTo(new Hub.Pulled(folder, repository.commit(), 0));

        assertThat(hub.requests()).hasSize(before);
    }

    @Test
    void aModelThatIsNotThereIsDownloadedUnlessOffline() {
        assertThatThrownBy(() -> pulls().offline().hub().find(ID))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "org/model: is not in %s, and HF_HUB_OFFLINE forbids asking the hub; unset it to download"
                                .formatted(cache));
        assertThat(hub.requests()).isEmpty();
        assertThat(pulls().hub().find(ID).resolve(WEIGHTS)).hasSize(1000);
    }

    @Test
    void aModelThatLacksAFileIsCompletedUnlessOffline() throws IOException {
        Path folder = pulls().pull("org/model").path();
        Files.delete(folder.resolve(WEIGHTS).toRealPath()); // the link leads nowhere now
        Files.delete(folder.resolve("tokenizer.json"));

        assertThatThrownBy(() -> pulls().offline().hub().find(ID))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(
                        "org/model: tokenizer.json, model.safetensors is missing in " + folder);

        assertThat(pulls().hub().find(ID)).isEqualTo(folder);
        assertThat(folder.resolve(WEIGHTS)).hasSize(1000);
        // Its blob was there still.
        assertThat(hub.downloads("tokenizer.json")).hasSize(1);
    }

    @Test
    void whatHuggingfaceHubPutThereIsFound() throws IOException {
        Path model = cache.resolve("models--org--model");
        Path snapshot = model.resolve("snapshots").resolve("a".repeat(40));
        Files.createDirectories(snapshot);
        Files.createDirectories(model.resolve("blobs"));
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), "a".repeat(40));
        for (String name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
            Files.writeString(model.resolve("blobs").resolve("blob of " + name), name);
            Files.createSymbolicLink(
                    snapshot.resolve(name), Path.of("../../blobs/blob of " + name));
        }

        assertThat(pulls().hub().find(ID)).isEqualTo(snapshot);
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void aRefThatIsNoCommitLeadsNowhere() throws IOException {
        Path refs = Files.createDirectories(cache.resolve("models--org--model/refs"));
        Files.writeString(refs.resolve("main"), "../../../elsewhere");

        assertThatThrownBy(() -> pulls().offline().hub().find(ID))
                .hasMessageStartingWith("org/model: is not in ");
    }

    @Test
    void theListSaysWhatIsThereAndWhatIsMissing() throws IOException {
        repository.revision("v1");
        Path folder = pulls().pull("org/model").path();
        pulls().pull("org/model@v1");
        Instant newest = Instant.parse("2031-02-03T04:05:06Z");
        Files.setLastModifiedTime(folder.resolve(WEIGHTS).toRealPath(), FileTime.from(newest));
        hub.repository("org/adapter")
                .small("adapter_config.json", "{}")
                .large("adapter_model.safetensors", Pulls.bytes(500));
        pulls().pull("org/adapter");
        Files.createDirectories(cache.resolve("datasets--org--set/snapshots/x"));

        assertThat(list()).extracting(CachedModel::id).containsExactly("org/adapter", "org/model");
        CachedModel adapter = list().getFirst();
        assertThat(adapter.isAdapter()).isTrue();
        assertThat(adapter.bytes()).isEqualTo(502);
        assertThat(adapter.missing()).isEmpty();
        CachedModel model = list().getLast();
        assertThat(model.commit()).isEqualTo(repository.commit());
        assertThat(model.revisions()).containsExactly("main", "v1");
        assertThat(model.isAdapter()).isFalse();
        assertThat(model.modified()).isEqualTo(newest);
        // {} is one blob under two names.
        assertThat(model.bytes())
                .isEqualTo(
                        1000
                                + repository.bytes("config.json").length
                                + repository.bytes("tokenizer.json").length
                                + 2);
    }

    @Test
    void aDownloadThatStoppedIsListedAsIncomplete() throws IOException {
        unfinished("org/model", 400);
        hub.next(
                WEIGHTS, Collections.nCopies(5, FakeHub.status(500)).toArray(FakeHub.Fault[]::new));
        assertThatThrownBy(() -> pulls().pull("org/model")).hasMessageContaining("gave up");
        unfinished("org/first", 5);

        CachedModel first = list().getFirst();
        assertThat(first.id()).isEqualTo("org/first");
        assertThat(first.commit()).isNull();
        assertThat(first.bytes()).isEqualTo(5);
        assertThat(first.missing()).isNotEmpty();
        CachedModel model = list().getLast();
        assertThat(model.commit()).isEqualTo(repository.commit());
        assertThat(model.revisions()).isEmpty();
        assertThat(model.missing()).containsExactly(WEIGHTS);
        int small =
                repository.bytes("config.json").length + repository.bytes("tokenizer.json").length;
        assertThat(model.bytes()).isEqualTo(400 + small + 2);
    }

    private void unfinished(String id, int bytes) throws IOException {
        Path blobs = cache.resolve("models--" + id.replace("/", "--")).resolve("blobs");
        Files.createDirectories(blobs);
        Files.write(
                blobs.resolve(repository.hash(WEIGHTS) + BlobDownload.UNFINISHED), new byte[bytes]);
    }

    @Test
    void aCacheThatIsNotThereHasNoModels() {
        assertThat(
                        Hub.list(
                                new HubSettings(
                                        cache.resolve("none"),
                                        URI.create("http://none"),
                                        true,
                                        null)))
                .isEmpty();
    }
}
