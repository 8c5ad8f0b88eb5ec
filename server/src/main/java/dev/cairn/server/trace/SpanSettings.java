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
 * Where spans are sent, over OTLP with protobuf over HTTP.
 *
 * @param endpoint the whole address, such as {@code http://localhost:4318/v1/traces}
 * @param headers what each request carries, such as a key
 * @param serviceName what the spans' service is called
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
     * What the environment says, in the variables that OpenTelemetry defines; nothing when it names
     * no endpoint.
     *
     * @param endpoint address of the collector, such as {@code http://localhost:4318}, that stands
     *     before those of the environment; null for those
     * @param flag what an error calls it
     * @throws CairnException naming the flag or the variable that makes no sense
     */
    public static Optional<SpanSettings> of(
            @Nullable String endpoint, String flag, Map<String, String> environment) {
        String whole = filled(environment, TRACES_ENDPOINT);
        String collector = filled(environment, ENDPOINT);
        URI address;
        if (endpoint != null) {
            address = traces(endpoint, flag);
        } else if (whole != null) {
            address = address(whole, TRACES_ENDPOINT);
        } else if (collector != null) {
            address = traces(collector, ENDPOINT);
        } else {
            return Optional.empty();
        }
        String service = filled(environment, SERVICE_NAME);
        return Optional.of(
                new SpanSettings(
                        address,
                        headers(filled(environment, HEADERS)),
                        service == null ? "cairn" : service));
    }

    private static @Nullable String filled(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Where a collector takes traces. */
    private static URI traces(String collector, String name) {
        URI address = address(collector.strip(), name);
        String path = String.valueOf(address.getPath()).replaceFirst("/+$", "");
        String whole = path.endsWith(PATH) ? path : path + PATH;
        return address.resolve(whole);
    }

    private static URI address(String text, String name) {
        try {
            URI address = new URI(text);
            if (address.getHost() == null
                    || !String.valueOf(address.getScheme()).matches("https?")) {
                throw bad(text, name, null);
            }
            return address;
        } catch (URISyntaxException e) {
            throw bad(text, name, e);
        }
    }

    private static CairnException bad(String text, String name, @Nullable Throwable cause) {
        return new CairnException(
                "%s: expected an address such as http://localhost:4318, found '%s'"
                        .formatted(name, text),
                cause);
    }

    /** Names and values as {@code name=value,name=value}, values escaped as in addresses. */
    private static Map<String, String> headers(@Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : text == null ? new String[0] : text.split(",")) {
            int at = header.indexOf('=');
            String name = header.substring(0, Math.max(0, at)).strip();
            String value = decoded(header.substring(at + 1).strip());
            // Nothing of it is shown: it is likely to hold a key.
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
