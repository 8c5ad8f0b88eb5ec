package dev.cairn.server.trace;

import dev.cairn.CairnException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The destination of spans, which are sent as OTLP with protobuf over HTTP.
 *
 * @param endpoint the whole URL, such as {@code http://localhost:4318/v1/traces}
 * @param headers headers of each request, such as a key
 * @param serviceName name of the service that the spans belong to
 */
public record SpanSettings(URI endpoint, Map<String, String> headers, String serviceName) {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final String SERVICE_NAME = "OTEL_SERVICE_NAME";
    private static final String PATH = "/v1/traces";

    public SpanSettings {
        headers = Map.copyOf(headers);
    }

    /**
     * Reads the environment variables that OpenTelemetry defines; empty when there is no endpoint.
     *
     * @param endpoint the collector's URL, such as {@code http://localhost:4318}, which takes
     *     precedence over the environment; may be null
     * @param flag name of {@code endpoint} in errors
     * @throws CairnException if the flag or a variable is invalid; the message names it
     */
    public static Optional<SpanSettings> fromEnvironment(
            @Nullable String endpoint, String flag, Map<String, String> environment) {
        String full = nonBlank(environment, TRACES_ENDPOINT);
        String collector = nonBlank(environment, ENDPOINT);
        URI address;
        if (endpoint != null) {
            address = tracesUrl(endpoint, flag);
        } else if (full != null) {
            address = url(full, TRACES_ENDPOINT);
        } else if (collector != null) {
            address = tracesUrl(collector, ENDPOINT);
        } else {
            return Optional.empty();
        }
        String service = nonBlank(environment, SERVICE_NAME);
        return Optional.of(
                new SpanSettings(
                        address,
                        headers(nonBlank(environment, HEADERS)),
                        service == null ? "cairn" : service));
    }

    private static @Nullable String nonBlank(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The URL at which a collector accepts traces. */
    private static URI tracesUrl(String collector, String name) {
        URI url = url(collector.strip(), name);
        String path = String.valueOf(url.getPath()).replaceFirst("/+$", "");
        String full = path.endsWith(PATH) ? path : path + PATH;
        return url.resolve(full);
    }

    private static URI url(String text, String name) {
        try {
            URI url = new URI(text);
            if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
                throw invalid(text, name, null);
            }
            return url;
        } catch (URISyntaxException e) {
            throw invalid(text, name, e);
        }
    }

    private static CairnException invalid(String text, String name, @Nullable Throwable cause) {
        return new CairnException(
                "%s: expected an address such as http://localhost:4318, found '%s'"
                        .formatted(name, text),
                cause);
    }

    /** Reads {@code name=value,name=value}, with values escaped as in URLs. */
    private static Map<String, String> headers(@Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : text == null ? new String[0] : text.split(",")) {
            int at = header.indexOf('=');
            String name = header.substring(0, Math.max(0, at)).strip();
            String value = decoded(header.substring(at + 1).strip());
            // The value is not shown, because it probably contains a key.
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || !isPrintable(value)) {
                throw new CairnException(
                        HEADERS + ": expected name=value,name=value, found something else");
            }
            headers.put(name, value);
        }
        return headers;
    }

    private static boolean isPrintable(@Nullable String value) {
        return value != null && value.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    private static @Nullable String decoded(String value) {
        try {
            // A plus is a plus here, unlike in forms.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
