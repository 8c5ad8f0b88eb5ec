package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of huggingface_hub 2.4, {@code constants.py}. */
class HubSettingsTest {
    private static final Path HOME = Path.of("/home/a");

    @TempDir private Path folder;

    private static HubSettings of(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return HubSettings.of(environment, HOME);
    }

    @Test
    void withoutVariablesEverythingIsWhereItAlwaysIs() {
        HubSettings settings = of();
        assertThat(settings.cache()).isEqualTo(Path.of("/home/a/.cache/huggingface/hub"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.offline()).isFalse();
        assertThat(settings.token())
                .isEqualTo(new HubToken(null, null, Path.of("/home/a/.cache/huggingface/token")));
    }

    @ParameterizedTest
    @CsvSource({
        "XDG_CACHE_HOME=/x, /x/huggingface/hub, /x/huggingface/token",
        "XDG_CACHE_HOME=/x HF_HOME=/h, /h/hub, /h/token",
        "HF_HOME=/h HF_HUB_CACHE=/c, /c, /h/token",
        "HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old, /old, /h/token",
        "HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/c, /c, /home/a/.cache/huggingface/token",
        "HF_HOME=~/h HF_TOKEN_PATH=/t, /home/a/h/hub, /t",
        "HF_HOME=~, /home/a/hub, /home/a/token",
        "HF_HOME=$D/h D=/d, /d/h/hub, /d/h/token",
        "HF_HOME=/${D}e/$UNSET D=d, /de/$UNSET/hub, /de/$UNSET/token",
        "HF_HOME=, /home/a/.cache/huggingface/hub, /home/a/.cache/huggingface/token",
    })
    void variablesSayWhereCacheAndTokenAre(String variables, Path cache, Path token) {
        HubSettings settings = of(variables.split("[ =]", -1));
        assertThat(settings.cache()).isEqualTo(cache);
        assertThat(settings.token()).isEqualTo(new HubToken(null, null, token));
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_OFFLINE=1, true",
        "HF_HUB_OFFLINE=True, true",
        "HF_HUB_OFFLINE=YES, true",
        "HF_HUB_OFFLINE=on, true",
        "TRANSFORMERS_OFFLINE=1, true",
        "HF_HUB_OFFLINE=0, false",
        "HF_HUB_OFFLINE=2, false",
        "HF_HUB_OFFLINE=, false",
    })
    void offlineIsWhatHuggingfaceHubTakesForTrue(String variable, boolean offline) {
        assertThat(of(variable.split("=", -1)).offline()).isEqualTo(offline);
    }

    @Test
    void theTokenIsThatOfTheVariableElseThatOfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "hf_file\n");
        String path = file.toString();
        assertThat(of("HF_TOKEN", " hf_a\n", "HF_TOKEN_PATH", path).token())
                .satisfies(token -> assertThat(read(token)).isEqualTo("hf_a"))
                .satisfies(token -> assertThat(token.source()).isEqualTo("HF_TOKEN"));
        assertThat(read(of("HUGGING_FACE_HUB_TOKEN", "hf_b", "HF_TOKEN_PATH", path).token()))
                .isEqualTo("hf_b");
        assertThat(read(of("HF_TOKEN", "", "HF_TOKEN_PATH", path).token())).isEqualTo("hf_file");
        assertThat(token(of("HF_TOKEN_PATH", path).token()).source()).isEqualTo(path);
        assertThat(token(of("HF_TOKEN_PATH", path + "x").token()).read()).isEmpty();
        assertThat(of("HF_TOKEN", "hf_a", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token()).isNull();
    }

    private static String read(@Nullable HubToken token) {
        return token(token).read().orElseThrow();
    }

    private static HubToken token(@Nullable HubToken token) {
        return Objects.requireNonNull(token);
    }

    @Test
    void aSlashAtTheEndOfTheEndpointIsNoPartOfIt() {
        assertThat(of("HF_ENDPOINT", "https://hub.example/mirror/").endpoint())
                .isEqualTo(URI.create("https://hub.example/mirror"));
    }

    @Test
    void aPasswordInTheEndpointIsRefusedAndNotShown() {
        assertThatThrownBy(() -> of("HF_ENDPOINT", "https://me:secret@hub.example"))
                .isInstanceOf(CairnException.class)
                .hasMessageEndingWith("found 'https://***@hub.example'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface.co", "ftp://a.b", "https://", "ht tp://a", "http://a?b"})
    void anEndpointThatIsNoAddressIsRefused(String endpoint) {
        assertThatThrownBy(() -> of("HF_ENDPOINT", endpoint))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "HF_ENDPOINT: expected an address such as https://huggingface.co without a name and password, found '"
                                + endpoint
                                + "'");
    }
}
