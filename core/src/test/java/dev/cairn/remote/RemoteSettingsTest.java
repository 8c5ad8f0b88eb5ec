package dev.cairn.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteSettingsTest {
    private static final URI URL = URI.create("http://localhost:11434/v1");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void theKeyIsNotPartOfTheText() {
        assertThat(Remotes.settings(URL, MINUTE, 2, Remotes.KEY))
                .hasToString(
                        "RemoteSettings[llama3.2:3b at http://localhost:11434/v1, with a key]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:11434/v1",
                "ftp://localhost/v1",
                "/v1",
                "http:///v1",
                "http://a/v1?x=1"
            })
    void anAddressIsOneOfTheWeb(String url) {
        assertThatThrownBy(() -> Remotes.settings(URI.create(url)))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("base_url: expected an address")
                .hasMessageEndingWith("found " + url);
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotShown() {
        assertThatThrownBy(() -> Remotes.settings(URI.create("http://me:secret@localhost/v1")))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("base_url: contains a user name or a password")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "clé"})
    void aKeyThatCannotBeSentIsRefusedAndNotShown(String key) {
        assertThatThrownBy(() -> Remotes.settings(URL, MINUTE, 2, key))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        URL
                                + ": the API key is empty or holds characters that a key cannot have; set it again");
    }

    @Test
    void numbersOutOfTheirRangeAreNamed() {
        assertRefused("model", " ", -1, 1, 1, MINUTE, 0);
        assertRefused("temperature", "m", Double.NaN, 1, 1, MINUTE, 0);
        assertRefused("top_p", "m", 1, 0, 1, MINUTE, 0);
        assertRefused("max_tokens", "m", 1, 1, 0, MINUTE, 0);
        assertRefused("timeout", "m", 1, 1, 1, Duration.ZERO, 0);
        assertRefused("timeout", "m", 1, 1, 1, Duration.ofDays(2), 0);
        assertRefused("max_retries", "m", 1, 1, 1, MINUTE, -1);
        assertRefused("max_retries", "m", 1, 1, 1, MINUTE, Integer.MAX_VALUE);
    }

    private static void assertRefused(
            String key,
            String model,
            double temperature,
            double topP,
            int maxTokens,
            Duration timeout,
            int maxRetries) {
        assertThatThrownBy(() ->
                        new RemoteSettings(
                                URL,
                                model,
                                null,
                                temperature,
                                topP,
                                maxTokens,
                                timeout,
                                maxRetries,
                                null))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(key + ": expected ");
    }
}
