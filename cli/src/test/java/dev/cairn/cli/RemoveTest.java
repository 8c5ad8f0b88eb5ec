package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.hub.FakeHub;
import dev.cairn.hub.FakeRepository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cairn rm}. */
class RemoveTest {
    @TempDir private Path cache;

    private final FakeHub hub = FakeHub.start();
    private final FakeRepository repository =
            hub.repository("org/model").model().large("model.safetensors", new byte[400_000]);

    @AfterEach
    void stop() {
        hub.close();
    }

    private Cli.Result cairn(Object... args) {
        return Cli.cairnWith(
                Map.of("HF_HUB_CACHE", cache.toString(), "HF_ENDPOINT", hub.endpoint()), args);
    }

    @Test
    void itSaysWhatItFreed() {
        assertThat(cairn("pull", "org/model").status()).isZero();
        Cli.Result planned = cairn("rm", "org/model", "--dry-run");
        assertThat(planned.status()).isZero();
        assertThat(planned.out())
                .matches(
                        "org/model: would free 400\\.[0-9] kB\n  commit %s\n  revision main\n"
                                .formatted(repository.commit()));
        assertThat(cairn("list").out()).contains("org/model@main");

        Cli.Result removed = cairn("rm", "org/model");
        assertThat(removed.status()).isZero();
        assertThat(removed.out()).isEqualTo(planned.out().replace("would free", "freed"));
        assertThat(cairn("list").out()).isEmpty();

        assertOneLine(1, cairn("rm", "org/model"), "org/model: is not in " + cache);
    }

    /** A folder of that name is here, and it is not what rm is for. */
    @ParameterizedTest
    @ValueSource(strings = {"models/pebble", "models", "/", "..", "."})
    void aPathIsNoIdAndStaysWhereItIs(String path) {
        assertOneLine(
                1,
                cairn("rm", path),
                path + " is a path here, and rm removes only what pull has downloaded");
        assertThat(Path.of("models/pebble/config.json")).exists();
    }

    @Test
    void wrongUsageIsOneLine() {
        assertOneLine(2, cairn("rm"), "ID");
        assertOneLine(2, cairn("rm", "org/a", "org/b"), "org/b");
    }

    private static void assertOneLine(int status, Cli.Result result, String part) {
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("cairn: ").contains(part);
    }
}
