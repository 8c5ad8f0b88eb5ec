package dev.cairn.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanSettingsTest {
    private static final String COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static SpanSettings settings(@Nullable String flag, Map<String, String> environment) {
        return SpanSettings.fromEnvironment(flag, "--otlp", environment).orElseThrow();
    }

    @Test
    void withoutAnEndpointNothingIsSent() {
        assertThat(SpanSettings.fromEnvironment(null, "--otlp", Map.of())).isEmpty();
        assertThat(SpanSettings.fromEnvironment(null, "--otlp", Map.of(COLLECTOR, " "))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4318, http://localhost:4318/v1/traces",
        "http://localhost:4318/, http://localhost:4318/v1/traces",
        "https://otel.example/in, https://otel.example/in/v1/traces",
        "http://localhost:4318/v1/traces, http://localhost:4318/v1/traces",
    })
    void aCollectorTakesTracesUnderItsAddress(String collector, URI traces) {
        assertThat(settings(null, Map.of(COLLECTOR, collector)).endpoint()).isEqualTo(traces);
        assertThat(settings(collector, Map.of(COLLECTOR, "http://other")).endpoint())
                .isEqualTo(traces);
    }

    @Test
    void theEndpointOfTracesIsTakenAsItIs() {
        Map<String, String> environment =
                Map.of(
                        COLLECTOR,
                        "http://other",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                        "http://here:1/own");
        assertThat(settings(null, environment).endpoint())
                .isEqualTo(URI.create("http://here:1/own"));
    }

    @Test
    void headersAndTheNameComeFromTheEnvironment() {
        SpanSettings settings =
                settings(
                        "http://localhost",
                        Map.of(
                                "OTEL_EXPORTER_OTLP_HEADERS",
                                "Authorization=Basic%20a+b==, x-team = stones",
                                "OTEL_SERVICE_NAME",
                                "quarry"));
        assertThat(settings.headers())
                .isEqualTo(Map.of("Authorization", "Basic a+b==", "x-team", "stones"));
        assertThat(settings.serviceName()).isEqualTo("quarry");
        assertThat(settings("http://localhost", Map.of()).serviceName()).isEqualTo("cairn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4318", "ftp://host", "http://", "http://a b"})
    void anAddressThatIsNoneIsNamedWithItsOrigin(String address) {
        assertThatThrownBy(() -> settings(null, Map.of(COLLECTOR, address)))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        COLLECTOR
                                + ": expected an address such as http://localhost:4318, found '"
                                + address
                                + "'");
        assertThatThrownBy(() -> settings(address, Map.of())).hasMessageStartingWith("--otlp: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECRET", "=SECRET", "a=SECRET%0d%0ab", "a=%zzSECRET", "a b=SECRET"})
    void badHeadersAreRefusedWithoutShowingThem(String headers) {
        assertThatThrownBy(() ->
                        settings("http://localhost", Map.of("OTEL_EXPORTER_OTLP_HEADERS", headers)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected name=value")
                .hasMessageNotContaining("SECRET");
    }
}
