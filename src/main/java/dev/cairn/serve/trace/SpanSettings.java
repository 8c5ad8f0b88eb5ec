package dev.cairn.serve.trace;

import java.net.URI;
import java.util.Map;

/**
 * Where spans are sent, over OTLP with protobuf over HTTP.
 *
 * @param endpoint the whole address, such as {@code http://localhost:4318/v1/traces}
 * @param headers what each request carries, such as a key
 * @param serviceName what the spans' service is called
 */
public record SpanSettings(URI endpoint, Map<String, String> headers, String serviceName) {
    static final String X = "";

    public static java.util.Optional<SpanSettings> of(
            @org.jspecify.annotations.Nullable String endpoint, Map<String, String> environment) {
        return java.util.Optional.empty();
    }

    public SpanSettings {
        headers = Map.copyOf(headers);
    }
}
