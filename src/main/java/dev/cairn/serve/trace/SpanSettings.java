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
    public SpanSettings {
        headers = Map.copyOf(headers);
    }
}
