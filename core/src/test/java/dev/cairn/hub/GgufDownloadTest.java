package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GGUF files of a repository: which one is meant, and that only it comes. */
class GgufDownloadTest {
    private static final String LARGE = "Q6/m-Q6_K-0000%d-of-00002.gguf";

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final FakeRepository repository =
            hub.repository("org/model")
                    .model()
                    .large("m-Q4_K_M.gguf", Pulls.bytes(400))
                    .large("m-Q4_K_S.gguf", Pulls.bytes(300))
                    .large("m-F16.gguf", Pulls.bytes(500))
                    .large("m-BF16.gguf", Pulls.bytes(600))
                    .large("mmproj-m-Q8_0.gguf", Pulls.bytes(70))
                    .large("m-Q8_0.gguf", Pulls.bytes(700))
                    .large(LARGE.formatted(1), Pulls.bytes(101))
                    .large(LARGE.formatted(2), Pulls.bytes(102))
                    .large("m-IQ2-00002-of-00002.gguf", Pulls.bytes(50));

    @AfterEach
    void stop() {
        hub.close();
    }

    private Pulls pulls() {
        return new Pulls(hub, cache);
    }

    private Path file(String name) {
        return cache.resolve("models--org--model/snapshots/" + repository.commit()).resolve(name);
    }

    @ParameterizedTest
    @CsvSource({
        "m-Q4_K_M.gguf, m-Q4_K_M.gguf",
        "Q4_K_M, m-Q4_K_M.gguf",
        "q4_k_m, m-Q4_K_M.gguf",
        "K_S, m-Q4_K_S.gguf",
        "F16, m-F16.gguf",
        "bf16, m-BF16.gguf",
        "Q8_0, m-Q8_0.gguf",
        "mmproj-m-Q8_0.gguf, mmproj-m-Q8_0.gguf",
    })
    void oneFileIsMeantAndOnlyItComes(String text, String name) throws IOException {
        Hub.Pulled pulled = pulls().pull("org/model:" + text);

        assertThat(pulled.path()).isEqualTo(file(name)).hasBinaryContent(repository.bytes(name));
        assertThat(pulled.files()).isEqualTo(1);
        assertThat(names()).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "Q6_K",
        "Q6/m-Q6_K-00001-of-00002.gguf",
        "m-Q6_K-00001-of-00002.gguf",
        "m-Q6_K-00002-of-00002.gguf",
    })
    void allPartsOfAFileCome(String text) throws IOException {
        Hub.Pulled pulled = pulls().pull("org/model:" + text);

        assertThat(pulled.path()).isEqualTo(file(LARGE.formatted(1)));
        assertThat(pulled.files()).isEqualTo(2);
        assertThat(names()).containsExactly(LARGE.formatted(1), LARGE.formatted(2));
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_K, several GGUF files have such a name",
        "Q3_K, the repository has no such GGUF file",
        "m-Q4.gguf, the repository has no such GGUF file",
    })
    void whatIsNotOneFileIsRefusedWithTheList(String text, String problem) {
        assertThatThrownBy(() -> pulls().pull("org/model:" + text))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("org/model:" + text + ": " + problem + "; it has ")
                .hasMessageContaining("m-Q4_K_M.gguf, m-Q4_K_S.gguf, m-Q8_0.gguf");
    }

    @Test
    void aFileOfWhichTheRepositoryLacksAPartIsRefused() {
        assertThatThrownBy(() -> pulls().pull("org/model:IQ2"))
                .hasMessage("org/model:IQ2: the repository lacks m-IQ2-00001-of-00002.gguf");
    }

    @Test
    void aRevisionStandsBeforeTheColon() {
        repository.revision("v1");

        pulls().pull("org/model@v1:Q8_0");

        assertThat(cache.resolve("models--org--model/refs/v1")).hasContent(repository.commit());
        assertThat(pulls().offline().hub().find(HubId.parse("org/model@v1:Q8_0")))
                .isEqualTo(file("m-Q8_0.gguf"));
    }

    @Test
    void whatIsInTheCacheIsFoundWithoutAsking() {
        pulls().pull("org/model:Q4_K_M");
        pulls().pull("org/model:Q6_K");
        hub.requests().clear();

        assertThat(pulls().hub().find(HubId.parse("org/model:q4_k_m")))
                .isEqualTo(file("m-Q4_K_M.gguf"));
        assertThat(pulls().hub().find(HubId.parse("org/model:Q6_K")))
                .isEqualTo(file(LARGE.formatted(1)));
        assertThat(hub.requests()).isEmpty();
    }

    /** With only one of two such files here, the hub must be asked, which has both. */
    @Test
    void whatIsInTheCacheIsNotTakenForWhatMayBeMeant() {
        pulls().pull("org/model:Q4_K_M");

        assertThatThrownBy(() -> pulls().hub().find(HubId.parse("org/model:Q4_K")))
                .hasMessageContaining("several GGUF files have such a name");
    }

    @Test
    void offlineTheErrorNamesWhatIsThere() {
        pulls().pull("org/model:Q4_K_M");

        assertThatThrownBy(() -> pulls().offline().pull("org/model:Q8_0"))
                .hasMessageStartingWith("org/model:Q8_0: it has m-Q4_K_M.gguf in ")
                .hasMessageContaining("HF_HUB_OFFLINE");
    }

    @Test
    void filesAreListedOneByOneAndPartsTogether() throws IOException {
        pulls().pull("org/model:Q4_K_M");
        pulls().pull("org/model:Q6_K");
        Files.delete(file(LARGE.formatted(2)));

        List<CachedModel> list = Hub.list(pulls().settings());

        assertThat(list)
                .extracting(CachedModel::file)
                .containsExactly(LARGE.formatted(1), "m-Q4_K_M.gguf");
        assertThat(list.getFirst().missing()).containsExactly(LARGE.formatted(2));
        assertThat(list.getLast().missing()).isEmpty();
        assertThat(list.getLast().bytes()).isEqualTo(400);
        assertThat(list.getLast().revisions()).containsExactly("main");
    }

    @Test
    void aRepositoryWithBothKindsIsListedAsBoth() {
        repository.large("model.safetensors", Pulls.bytes(1000));
        pulls().pull("org/model");
        pulls().pull("org/model:Q8_0");

        List<CachedModel> list = Hub.list(pulls().settings());

        assertThat(list).extracting(CachedModel::file).containsExactly("m-Q8_0.gguf", null);
        assertThat(list.getLast().missing()).isEmpty();
        assertThat(list.getLast().bytes()).isBetween(1001L, 1200L);
    }

    private List<String> names() throws IOException {
        Path folder = file("");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
