package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.cairn.CairnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HF_ENDPOINT is a mirror that redirects everything to the hub, which is at another address. */
class MirrorTest {
    private static final String SECRET = "hf_secret";

    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final Pulls.Notes notes = new Pulls.Notes();
    private @Nullable HttpServer mirror;

    @AfterEach
    void stop() {
        hub.close();
        if (mirror != null) {
            mirror.stop(0);
        }
    }

    /** The mirror's address. With a folder, its files are under it, and the hub's are not. */
    private URI mirror(int status, String folder) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror = server;
        server.createContext(
                "/",
                exchange -> {
                    tokens.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                    String asked = exchange.getRequestURI().toString();
                    boolean isRelative =
                            asked.startsWith(folder + "/api/") && !asked.contains("&again");
                    exchange.getResponseHeaders()
                            .set(
                                    "Location",
                                    isRelative
                                            ? asked + "&again"
                                            : hub.endpoint()
                                                    + asked.substring(folder.length())
                                                            .replace("&again", ""));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + folder);
    }

    private Hub.Pulled pull(URI endpoint, String id) {
        HubSettings settings =
                new HubSettings(
                        cache, endpoint, false, new HubToken("HF_TOKEN", SECRET, Path.of("none")));
        return Hub.open(settings, notes, Duration.ofSeconds(20), notes.waits::add)
                .pull(HubId.parse(id));
    }

    private String refusal(URI endpoint, String id) {
        Throwable error = catchThrowable(() -> pull(endpoint, id));
        assertThat(error).isInstanceOf(CairnException.class);
        assertThat(notes.waits).isEmpty();
        assertThat(hub.requests()).hasSize(1);
        return String.valueOf(error.getMessage());
    }

    private void tokenStaysWithTheMirror() {
        assertThat(tokens).isNotEmpty().containsOnly("Bearer " + SECRET);
        assertThat(hub.requests()).allMatch(request -> request.header("Authorization").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aModelComesThroughItAndTheTokenStaysWithIt(int status) throws IOException {
        for (boolean isSilent : new boolean[] {false, true}) {
            FakeRepository model = hub.repository("org/model" + isSilent).model();
            model.large("model.safetensors", Pulls.bytes(isSilent ? 2000 : 1000));
            if (isSilent) {
                model.silent(); // so sizes and checksums are asked for with HEAD
            }
            assertThat(pull(mirror(status, ""), "org/model" + isSilent).files()).isEqualTo(5);
        }
        tokenStaysWithTheMirror();
    }

    @Test
    void itsFilesMayBeInAFolderOfItsOwn() throws IOException {
        hub.repository("org/model").model().large("model.safetensors", Pulls.bytes(10)).silent();
        assertThat(pull(mirror(308, "/hf"), "org/model").files()).isEqualTo(5);
        assertThat(refusalAfterAPull("org/other")).contains("no such model");
    }

    private String refusalAfterAPull(String id) throws IOException {
        hub.requests().clear();
        return refusal(mirror(308, "/hf"), id);
    }

    @Test
    void anUnknownModelEndsAtOnce() throws IOException {
        assertThat(refusal(mirror(308, ""), "org/other"))
                .startsWith("org/other: no such model on ")
                .contains("the token in HF_TOKEN is sent to http://127.0.0.1:");
        tokenStaysWithTheMirror();
    }

    @Test
    void aGatedModelEndsAtOnce() throws IOException {
        hub.repository("org/model").model().gated();
        assertThat(refusal(mirror(302, ""), "org/model")).contains("is gated");
    }

    @Test
    void anUnknownRevisionEndsAtOnce() throws IOException {
        hub.repository("org/model").model();
        assertThat(refusal(mirror(307, ""), "org/model@v1")).contains("has no revision 'v1'");
    }

    @Test
    void anErrorCodeIsTheHubsWordAtAnyAddress() {
        hub.repository("org/model").model();
        hub.repository("org/other").model();
        String elsewhere =
                hub.endpoint().replace("localhost", "127.0.0.1")
                        + "/api/models/org/other/revision/main";
        hub.next(
                FakeHub.LISTING,
                FakeHub.status(302, "Location", elsewhere),
                FakeHub.status(404, "X-Error-Code", "RepoNotFound"));
        Throwable error = catchThrowable(() -> pull(URI.create(hub.endpoint()), "org/model"));
        assertThat(error).hasMessageContaining("no such model");
        assertThat(hub.requests()).hasSize(2);
        assertThat(notes.waits).isEmpty();
    }

    @Test
    void aBusyHubIsAskedAgain() throws IOException {
        hub.repository("org/model").model().large("model.safetensors", Pulls.bytes(10));
        hub.next(FakeHub.LISTING, FakeHub.status(503));
        assertThat(pull(mirror(308, ""), "org/model").files()).isEqualTo(5);
        assertThat(notes.waits).hasSize(1);
        assertThat(notes.notes.getFirst()).contains("503");
    }
}
