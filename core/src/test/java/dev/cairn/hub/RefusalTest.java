package dev.cairn.hub;

import static dev.cairn.hub.FakeHub.LISTING;
import static dev.cairn.hub.FakeHub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.CairnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub will not give, and what is not taken from it. */
class RefusalTest {
    private static final String SECRET = "hf_secret";

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();

    @AfterEach
    void stop() {
        hub.close();
    }

    private Pulls pulls() {
        return new Pulls(hub, cache);
    }

    private FakeRepository model() {
        return hub.repository("org/model").model().large("model.safetensors", Pulls.bytes(10));
    }

    /** The one line that is said; nothing was waited for and no model is in the cache. */
    private String refusal(Pulls pulls, String id) {
        Throwable error = catchThrowable(() -> pulls.pull(id));
        assertThat(error).isInstanceOf(CairnException.class);
        assertThat(error.getMessage()).hasLineCount(1).doesNotContain(SECRET);
        assertThat(pulls.notes.waits).isEmpty();
        assertThat(cache.resolve("models--org--model/refs")).doesNotExist();
        return String.valueOf(error.getMessage());
    }

    @Test
    void anUnknownModelAndAnUnknownRevisionAreToldApart() {
        model();
        assertThat(refusal(pulls(), "org/other@v1"))
                .isEqualTo(
                        "org/other: no such model on %s, or it is private; check the name, or set HF_TOKEN to a token that may read it"
                                .formatted(hub.endpoint()));
        assertThat(refusal(pulls(), "org/model@v1"))
                .isEqualTo(
                        "org/model: the model exists, but has no revision 'v1'; see its branches and tags at %s/org/model"
                                .formatted(hub.endpoint()));
    }

    @Test
    void aPrivateModelAsksForATokenAndAWrongTokenIsNamedByItsPlace() {
        model().needs(SECRET);
        assertThat(refusal(pulls(), "org/model"))
                .contains("no such model", "private", "set HF_TOKEN");
        assertThat(refusal(pulls().token("hf_secret_of_another"), "org/model"))
                .isEqualTo(
                        "org/model: the hub does not accept the token in HF_TOKEN; set a valid one in HF_TOKEN");
    }

    @Test
    void aGatedModelSaysWhereToAcceptItsConditions() {
        model().gated();
        assertThat(refusal(pulls(), "org/model"))
                .isEqualTo(
                        "org/model: is gated; accept its conditions at %s/org/model, then set HF_TOKEN to a token that has access to it"
                                .formatted(hub.endpoint()));
        assertThat(refusal(pulls().token(SECRET), "org/model"))
                .endsWith("then check that the token in HF_TOKEN has access to it");
    }

    @Test
    void whatTheHubSaysBesidesIsPassedOnWithoutControlCharacters() {
        model();
        hub.next(LISTING, status(403, "X-Error-Message", "Not\u009b31m for you"));
        assertThat(refusal(pulls(), "org/model"))
                .isEqualTo(
                        "org/model: the hub refuses access ('Not 31m for you'); set HF_TOKEN to a token that may read it");
        hub.next(LISTING, status(418, "X-Error-Message", "x".repeat(1000)));
        assertThat(refusal(pulls(), "org/model"))
                .endsWith(" answers 418 ('" + "x".repeat(200) + "...')");
    }

    @Test
    void aFileTheHubListsAndDoesNotHaveIsAnError() {
        model();
        hub.next("tokenizer.json", status(404, "X-Error-Code", "EntryNotFound"));
        assertThat(refusal(pulls(), "org/model")).contains("lists a file it does not have");
    }

    @Test
    void anotherFileThanWasListedIsNotTaken() {
        model();
        hub.next(
                "config.json",
                (exchange, content) -> {
                    exchange.getResponseHeaders().set("ETag", "\"" + "a".repeat(40) + "\"");
                    status(200).answer(exchange, content);
                });
        assertThat(refusal(pulls(), "org/model"))
                .isEqualTo(
                        "org/model: the hub lists a different config.json from the one it sends; try again later");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "<html>",
                "",
                "{\"sha\": \"../../x\", \"siblings\": []}",
                "{\"sha\": 7}",
                "[1]"
            })
    void anAnswerThatIsNoListingIsAnError(String answer) {
        model();
        hub.next(
                LISTING,
                (exchange, content) ->
                        FakeHub.dies(Integer.MAX_VALUE)
                                .answer(exchange, answer.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal(pulls(), "org/model")).endsWith("; check HF_ENDPOINT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[", "file:///etc/passwd", "", "//:80/x"})
    void aRedirectToNowhereIsAnError(String location) {
        model();
        hub.next(LISTING, status(302, "Location", location));
        assertThat(refusal(pulls(), "org/model")).endsWith("an address that cannot be used");
    }

    @Test
    void redirectsWithoutEndAreAnError() {
        model();
        for (int i = 0; i < 20; i++) {
            hub.next(LISTING, status(307, "Location", "/api/models/org/model/revision/main"));
        }
        assertThat(refusal(pulls(), "org/model")).contains("redirects in a loop");
    }

    @Test
    void aRedirectWithinTheHubIsFollowedWithTheToken() {
        model().needs(SECRET);
        hub.next(LISTING, status(307, "Location", "/api/models/org/model/revision/main?again=1"));
        assertThat(pulls().token(SECRET).pull("org/model").files()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../evil", "/etc/evil", "a\\\\..\\\\evil", "a\\u0000evil", "a//b", ".x"})
    void aShardWithAHostileNameIsRefused(String name) {
        String real = name.replace("\\\\", "\\").replace("\\u0000", "\0");
        hub.repository("org/model")
                .model()
                .small(
                        "model.safetensors.index.json",
                        "{\"weight_map\": {\"a\": \"" + name + "\"}}")
                .large(real, Pulls.bytes(10));
        assertThat(refusal(pulls(), "org/model"))
                .startsWith("org/model: refused: its file name '")
                .doesNotContain("\0");
        assertThat(cache.resolve("models--org--model/blobs").resolve(model().hash(real)))
                .doesNotExist();
    }

    @Test
    void aShardThatIsNotThereIsAnError() {
        hub.repository("org/model")
                .model()
                .small("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"b\"}}");
        assertThat(refusal(pulls(), "org/model")).contains("names a file 'b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"weight_map\": 3}", "[", "{\"weight_map\": {}}"})
    void aDamagedIndexIsAnError(String index) {
        hub.repository("org/model").model().small("model.safetensors.index.json", index);
        assertThat(refusal(pulls(), "org/model")).contains("model.safetensors.index.json: ");
    }

    @Test
    void whatIsThereInsteadOfWeightsIsSaid() {
        FakeRepository repository = hub.repository("org/model");
        assertThat(refusal(pulls(), "org/model")).contains("so Cairn cannot use it");
        repository.model().large("pytorch_model.bin", Pulls.bytes(10));
        assertThat(refusal(pulls(), "org/model")).contains("has only pickle files", "refs/pr/N");
        repository.small("adapter_config.json", "{}").large("adapter_model.bin", Pulls.bytes(1));
        assertThat(refusal(pulls(), "org/model"))
                .contains("is an adapter without adapter_model.safetensors", "pickle");
        hub.repository("org/gguf").large("model-q8_0.gguf", Pulls.bytes(10));
        assertThat(refusal(pulls(), "org/gguf"))
                .contains("such as org/gguf:model-q8_0.gguf; it has model-q8_0.gguf");
        hub.repository("org/weights").large("model.safetensors", Pulls.bytes(10));
        assertThat(refusal(pulls(), "org/weights")).contains("but no config.json");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aHubThatSaysNoChecksumIsNotTrusted() {
        model().silent();
        hub.next(
                "config.json",
                (exchange, content) -> {
                    exchange.getResponseHeaders().set("ETag", "\"7-a\"");
                    FakeHub.dies(Integer.MAX_VALUE).answer(exchange, content);
                });
        assertThat(refusal(pulls(), "org/model")).contains("gives no checksum for config.json");
    }

    @Test
    void aHubThatWasNeverThereIsNotWaitedFor() {
        hub.close();
        Pulls pulls = pulls();
        assertThatThrownBy(() -> pulls.pull("org/model"))
                .isInstanceOf(CairnException.class)
                .hasMessage("localhost: cannot connect; check the network and HF_ENDPOINT");
        assertThat(pulls.notes.waits).isEmpty();
    }

    @Test
    void whatIsInTheCacheIsPointedAtWhenTheHubCannotBeReached() {
        model();
        pulls().pull("org/model");
        hub.close();
        assertThatThrownBy(() -> pulls().pull("org/model"))
                .hasMessageEndingWith(
                        "HF_ENDPOINT; set HF_HUB_OFFLINE=1 to use the copy in the cache");
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws Exception {
        model();
        Files.writeString(cache.resolve("models--org--model"), "in the way");
        assertThat(refusal(pulls(), "org/model"))
                .startsWith(cache.resolve("models--org--model").toString());
    }

    @Test
    void aTokenWithALineBreakInsideNeverShows() {
        model();
        assertThat(refusal(pulls().token("hf_se cret\u00e9"), "org/model"))
                .isEqualTo("HF_TOKEN: holds characters that a hub token cannot have; set it again");
        assertThat(new HubToken("HF_TOKEN", SECRET, Path.of("f")).toString())
                .doesNotContain(SECRET);
    }
}
