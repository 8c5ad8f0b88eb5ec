package dev.cairn.hub;

import static dev.cairn.hub.FakeHub.dies;
import static dev.cairn.hub.FakeHub.ignoresRange;
import static dev.cairn.hub.FakeHub.status;
import static dev.cairn.hub.FakeHub.wrongBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads, and everything that may go wrong on the way. */
class DownloadTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final int SIZE = 2_000_001;

    /** With the host's name when not even the headers came. */
    private static final String BROKE = WEIGHTS + ": (127.0.0.1: )?the connection broke";

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final FakeRepository repository =
            hub.repository("org/model").model().large(WEIGHTS, Pulls.bytes(SIZE));

    @AfterEach
    void stop() {
        hub.close();
    }

    private Pulls pulls() {
        return new Pulls(hub, cache);
    }

    @Test
    void theCacheHasTheLayoutOfHuggingfaceHub() throws IOException {
        Hub.Pulled pulled = pulls().pull("org/model");

        Path folder = cache.resolve("models--org--model");
        assertThat(pulled.path()).isEqualTo(folder.resolve("snapshots/" + repository.commit()));
        assertThat(pulled.files()).isEqualTo(5);
        assertThat(folder.resolve("refs/main")).hasContent(repository.commit());
        assertThat(names(pulled.path()))
                .containsExactly(
                        "config.json",
                        "generation_config.json",
                        WEIGHTS,
                        "tokenizer.json",
                        "tokenizer_config.json");
        for (String file : names(pulled.path())) {
            assertThat(Files.readSymbolicLink(pulled.path().resolve(file)))
                    .isEqualTo(Path.of("../../blobs", repository.hash(file)));
            assertThat(pulled.path().resolve(file)).hasBinaryContent(repository.bytes(file));
        }
        assertThat(names(folder.resolve("blobs")))
                .hasSize(4)
                .noneMatch(n -> n.endsWith("complete"));
        assertThat(names(cache)).containsExactly(".locks", "models--org--model");
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        repository.needs("hf_secret");

        pulls().token("hf_secret").pull("org/model");

        assertThat(hub.requests()).anyMatch(FakeHub.Request::isToStorage);
        assertThat(hub.requests())
                .allMatch(r ->
                        r.header("Authorization").isPresent() != r.isToStorage()
                                && r.header("Authorization")
                                        .map(h -> h.equals("Bearer hf_secret"))
                                        .orElse(true));
    }

    @Test
    void whatIsThereIsNotDownloadedAgain() {
        pulls().pull("org/model");
        int before = hub.requests().size();

        Pulls again = pulls();
        assertThat(again.pull("org/model").files()).isZero();

        assertThat(hub.requests()).hasSize(before + 1);
        assertThat(hub.requests().getLast().path())
                .isEqualTo("/api/models/org/model/revision/main");
        assertThat(again.notes.begun).isEmpty();
    }

    @Test
    void aNewCommitSharesTheBlobsOfTheOldOne() {
        Path old = pulls().pull("org/model").path();
        repository.small("config.json", "{\"changed\": true}");

        Hub.Pulled pulled = pulls().pull("org/model");

        assertThat(pulled.path()).isNotEqualTo(old);
        assertThat(pulled.path().resolve("config.json")).hasContent("{\"changed\": true}");
        assertThat(hub.downloads(WEIGHTS)).hasSize(1);
        assertThat(hub.downloads("config.json")).hasSize(2);
        assertThat(old.resolve("config.json")).hasContent("{\"model_type\": \"fake\"}");
    }

    @Test
    void branchesTagsAndCommitsAreRevisions() {
        repository.revision("v1.0").revision("refs/pr/7");

        pulls().pull("org/model@v1.0");
        pulls().pull("org/model@refs/pr/7");
        Hub.Pulled pulled = pulls().pull("org/model@" + repository.commit());

        assertThat(pulled.files()).isZero();
        Path refs = cache.resolve("models--org--model/refs");
        assertThat(refs.resolve("v1.0")).hasContent(repository.commit());
        assertThat(refs.resolve("refs/pr/7")).hasContent(repository.commit());
        assertThat(refs.resolve(repository.commit())).doesNotExist();
        assertThat(refs.resolve("main")).doesNotExist();
        assertThat(hub.downloads(WEIGHTS)).hasSize(1);
    }

    @Test
    void aModelWithoutOrganisationIsFound() {
        hub.repository("gpt").model().large(WEIGHTS, Pulls.bytes(10));

        assertThat(pulls().pull("gpt").path()).startsWith(cache.resolve("models--gpt/snapshots"));
    }

    @Test
    void ofAShardedModelTheIndexSaysWhatBelongsToIt() {
        hub.repository("org/big")
                .model()
                .small(
                        "model.safetensors.index.json",
                        """
                        {"weight_map": {"a": "model-1-of-2.safetensors",
                         "b": "model-1-of-2.safetensors", "c": "part/model-2-of-2.safetensors"}}
                        """)
                .large("model-1-of-2.safetensors", Pulls.bytes(100))
                .large("part/model-2-of-2.safetensors", Pulls.bytes(200))
                .large("model-3-of-2.safetensors", Pulls.bytes(300));

        Hub.Pulled pulled = pulls().pull("org/big");

        assertThat(pulled.files()).isEqualTo(7);
        assertThat(pulled.path().resolve("model-1-of-2.safetensors")).hasSize(100);
        assertThat(pulled.path().resolve("part/model-2-of-2.safetensors")).hasSize(200);
        assertThat(pulled.path().resolve("model-3-of-2.safetensors")).doesNotExist();
        assertThat(pulls().pull("org/big").files()).isZero();
    }

    @Test
    void anAdapterIsPulledWithoutAModel() throws IOException {
        hub.repository("org/adapter")
                .small("adapter_config.json", "{}")
                .large("adapter_model.safetensors", Pulls.bytes(100))
                .large("optimizer.pt", Pulls.bytes(100));

        Path folder = pulls().pull("org/adapter").path();

        assertThat(names(folder))
                .containsExactly("adapter_config.json", "adapter_model.safetensors");
        assertThat(pulls().offline().hub().find(HubId.parse("org/adapter"))).isEqualTo(folder);
    }

    @Test
    void aDownloadGoesOnWhereTheConnectionDied() {
        hub.next(WEIGHTS, dies(1_000_000), dies(500_000));

        Pulls pulls = pulls();
        Path folder = pulls.pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        List<FakeHub.Request> downloads = hub.downloads(WEIGHTS);
        assertThat(downloads).hasSize(3);
        assertThat(downloads.getFirst().header("Range")).isEmpty();
        // The HTTP client drops what it had read but not handed on when a connection breaks.
        long second = start(downloads.get(1));
        assertThat(second).isPositive().isLessThanOrEqualTo(1_000_000);
        assertThat(start(downloads.get(2))).isBetween(second + 1, second + 500_000);
        // Each try got further, so no wait is longer than the first.
        assertThat(pulls.notes.waits).containsOnly(Duration.ofSeconds(1)).hasSize(2);
        assertThat(pulls.notes.notes)
                .allMatch(note -> note.matches(BROKE + "; trying again in 1 s"));
        assertThat(pulls.notes.advanced).isEqualTo(SIZE);
    }

    private static long start(FakeHub.Request request) {
        String range = request.header("Range").orElse("");
        assertThat(range).matches("bytes=[0-9]+-");
        return Long.parseLong(range.replaceAll("[^0-9]", ""));
    }

    @Test
    void whenItIsGivenUpTheNextPullGoesOn() throws IOException {
        hub.next(WEIGHTS, dies(1_000_000), dies(0), dies(0), dies(0), dies(0));

        Pulls pulls = pulls();
        assertThatThrownBy(() -> pulls.pull("org/model"))
                .isInstanceOf(CairnException.class)
                .hasMessageMatching(BROKE + "; gave up after 5 tries, run it again later");
        assertThat(pulls.notes.waits)
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L);
        assertThat(cache.resolve("models--org--model/refs/main")).doesNotExist();
        assertThat(blob(WEIGHTS)).doesNotExist();

        long left = Files.size(Path.of(blob(WEIGHTS) + BlobDownload.UNFINISHED));
        assertThat(left).isPositive();

        assertThat(pulls().pull("org/model").files()).isEqualTo(1);
        assertThat(start(hub.downloads(WEIGHTS).getLast())).isEqualTo(left);
    }

    @Test
    void aServerThatIgnoresTheRangeSendsEverythingAnew() {
        hub.next(WEIGHTS, dies(1_000_000), ignoresRange(SIZE));

        Path folder = pulls().pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(start(hub.downloads(WEIGHTS).getLast())).isPositive();
    }

    @Test
    void aServerThatIgnoresTheRangeAndDiesEachTimeIsGivenUp() {
        hub.next(WEIGHTS, dies(1_000_000), dies(500_000));
        hub.next(WEIGHTS, Collections.nCopies(20, ignoresRange(9)).toArray(FakeHub.Fault[]::new));

        assertThatThrownBy(() -> pulls().pull("org/model")).hasMessageContaining("gave up after 5");
        assertThat(hub.downloads(WEIGHTS)).hasSize(6);
    }

    @Test
    void aRangeThatCannotBeHadBeginsAgain() {
        hub.next(WEIGHTS, dies(1_000_000), status(416));

        Path folder = pulls().pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(hub.downloads(WEIGHTS).getLast().header("Range")).isEmpty();
    }

    @Test
    void aPartFromAnotherPlaceIsNotTaken() {
        hub.next(WEIGHTS, dies(1_000_000), FakeHub.otherPart(1));

        Path folder = pulls().pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(hub.downloads(WEIGHTS)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, "config.json"})
    void wrongBytesAreDeletedAndDownloadedOnceMore(String file) {
        hub.next(file, wrongBytes());

        Pulls pulls = pulls();
        Path folder = pulls.pull("org/model").path();

        assertThat(folder.resolve(file)).hasBinaryContent(repository.bytes(file));
        assertThat(pulls.notes.notes)
                .containsExactly(file + ": wrong checksum; downloading it again");
    }

    @Test
    void whatIsWrongTwiceIsAnErrorAndNotKept() throws IOException {
        hub.next(WEIGHTS, wrongBytes(), FakeHub.tooMany());

        assertThatThrownBy(() -> pulls().pull("org/model"))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(
                        WEIGHTS + ": downloaded twice, but its checksum is still not ")
                .hasMessageContaining(repository.hash(WEIGHTS));

        assertThat(names(cache.resolve("models--org--model/blobs"))).hasSize(3);
    }

    @Test
    void aBrokenPieceOfAnEarlierDownloadIsNoticed() throws IOException {
        Files.createDirectories(cache.resolve("models--org--model/blobs"));
        Files.write(Path.of(blob(WEIGHTS) + BlobDownload.UNFINISHED), new byte[SIZE - 1]); // zeros

        Path folder = pulls().pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(hub.downloads(WEIGHTS)).hasSize(2);
    }

    @Test
    void aBlobOfTheWrongSizeIsReplaced() throws IOException {
        Path weights = pulls().pull("org/model").path().resolve(WEIGHTS);
        Files.write(weights.toRealPath(), new byte[10]);

        pulls().pull("org/model");

        assertThat(weights).hasBinaryContent(Pulls.bytes(SIZE));
    }

    @Test
    void aBusyHubIsAskedAgainWhenItSays() {
        hub.next(
                FakeHub.LISTING,
                status(429, "Retry-After", "7"),
                status(503),
                status(503, "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"));
        hub.next("config.json", status(500), status(429, "Retry-After", "86400"), status(502));

        Pulls pulls = pulls();
        pulls.pull("org/model");

        assertThat(pulls.notes.waits)
                .extracting(Duration::toSeconds)
                .containsExactly(7L, 2L, 0L, 1L, 60L, 4L);
        assertThat(pulls.notes.notes)
                .contains(
                        "localhost answers 429; trying again in 7 s",
                        "config.json: localhost answers 502; trying again in 4 s");
    }

    @Test
    void anExpiredAddressOnTheStorageServerIsAskedForAnew() {
        hub.next(WEIGHTS, status(403));

        assertThat(pulls().pull("org/model").path().resolve(WEIGHTS)).hasSize(SIZE);

        assertThat(hub.requests())
                .filteredOn(r -> !r.isToStorage() && r.path().endsWith(WEIGHTS))
                .hasSize(2);
    }

    @Tag("long")
    @Test
    void aServerThatFallsSilentIsLeft() {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        hub.next(WEIGHTS, FakeHub.holds(100_000, sent, never));

        // Far more than an answer of this machine takes, far less than a person waits.
        Pulls pulls = pulls().timeout(Duration.ofSeconds(2));
        Path folder = pulls.pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(pulls.notes.notes)
                .contains(WEIGHTS + ": no bytes arrived for 2 s; trying again in 1 s");
        assertThat(start(hub.downloads(WEIGHTS).getLast())).isPositive();
    }

    @Test
    void whatTheListingDoesNotSayTheFilesHeadersDo() {
        repository.silent();

        Path folder = pulls().pull("org/model").path();

        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(Pulls.bytes(SIZE));
        assertThat(folder.resolve(WEIGHTS).toString())
                .satisfies(w -> assertThat(Path.of(w).toRealPath()).isEqualTo(blob(WEIGHTS)));
        assertThat(hub.downloads(WEIGHTS)).hasSize(1);
        assertThat(hub.requests())
                .as("what the storage server was asked")
                .filteredOn(FakeHub.Request::isToStorage)
                .extracting(FakeHub.Request::method)
                .containsExactly("GET");
    }

    @Test
    void theDiskIsLookedAtBeforeADownload() {
        hub.next(
                FakeHub.LISTING,
                (exchange, content) -> {
                    String json = new String(content, StandardCharsets.UTF_8);
                    byte[] changed =
                            json.replace(":" + SIZE, ":4000000000000000000")
                                    .getBytes(StandardCharsets.UTF_8);
                    dies(Integer.MAX_VALUE).answer(exchange, changed);
                });

        assertThatThrownBy(() -> pulls().pull("org/model"))
                .isInstanceOf(CairnException.class)
                .hasMessageMatching(
                        "org/model: needs 4,000,000,000,000 MB more, but .* has only [0-9,]+ MB free; .*");
        assertThat(hub.downloads("config.json")).isEmpty();
    }

    private Path blob(String file) {
        return cache.resolve("models--org--model/blobs").resolve(repository.hash(file));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
