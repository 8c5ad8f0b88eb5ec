package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.http.BodyReader;
import dev.cairn.http.ConnectionFailure;
import dev.cairn.http.TransientFailure;
import dev.cairn.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and follows their redirects. The token goes to the configured address of the hub
 * and nowhere else; at any other address it would be in other hands.
 */
final class HubHttp implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;

    private final WebClient http;
    private final HubSettings settings;
    private final HubId id;
    private final Duration timeout;
    private final @Nullable String token;

    HubHttp(HubSettings settings, HubId id, Duration timeout) {
        this.settings = settings;
        this.id = id;
        this.timeout = timeout;
        HubToken from = settings.token();
        this.token = from == null ? null : from.read().orElse(null);
        this.http = WebClient.open(timeout);
    }

    /**
     * The response at the end of the redirects.
     *
     * @param fromHub headers of the hub's own responses in order; what a storage server says about
     *     a file is ignored
     */
    record Reply(int status, HttpHeaders headers, List<HttpHeaders> fromHub, BodyReader body)
            implements AutoCloseable {
        Stream<String> fromHub(String header) {
            return fromHub.stream().flatMap(h -> h.firstValue(header).stream());
        }

        @Override
        public void close() {
            body.close();
        }
    }

    /**
     * Sends a request and follows redirects; returns only responses with status 2xx or 416. A HEAD
     * request stops at the hub's redirect to a storage server, whose address is valid only for the
     * bytes.
     */
    Reply send(HttpRequest.Builder request) throws TransientFailure {
        boolean isHead = request.build().method().equals("HEAD");
        List<HttpHeaders> fromHub = new ArrayList<>();
        URI uri = request.build().uri();
        HubOrigins hub = new HubOrigins(settings.endpoint(), uri);
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<InputStream> response = sendOnce(request.copy(), uri);
            int status = response.statusCode();
            HttpHeaders headers = response.headers();
            if (hub.includes(uri)) {
                fromHub.add(headers);
            }
            BodyReader body = new BodyReader(http, response.body(), timeout);
            if (status / 100 == 2 || status == 416) {
                return new Reply(status, headers, fromHub, body);
            }
            body.close();
            if (status / 100 != 3) {
                throw failure(hub, uri, status, headers);
            }
            uri = hub.redirected(uri, target(uri, headers));
            if (isHead && !hub.includes(uri)) {
                return new Reply(status, headers, fromHub, body);
            }
        }
        throw new CairnException(id + ": the hub redirects in a loop; check HF_ENDPOINT");
    }

    private HttpResponse<InputStream> sendOnce(HttpRequest.Builder request, URI uri)
            throws TransientFailure {
        request.uri(uri).timeout(timeout).header("Accept-Encoding", "identity");
        if (token != null && HubOrigins.same(settings.endpoint(), uri)) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build());
        } catch (IOException e) {
            if (!http.isReached() && isUnreachable(e)) {
                throw new CairnException(
                        "%s: %s; check the network and HF_ENDPOINT"
                                .formatted(uri.getHost(), reason(e)),
                        e);
            }
            throw new TransientFailure(uri.getHost() + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException("interrupted while waiting for the hub", e);
        }
    }

    private URI target(URI from, HttpHeaders headers) {
        String location = headers.firstValue("Location").orElse("");
        try {
            URI target = from.resolve(location);
            boolean isWeb = "http".equals(target.getScheme()) || "https".equals(target.getScheme());
            boolean isDowngrade =
                    "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
            if (isWeb && !isDowngrade && target.getHost() != null && !location.isEmpty()) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw badRedirect(from, e);
        }
        throw badRedirect(from, null);
    }

    private CairnException badRedirect(URI from, @Nullable Throwable cause) {
        return new CairnException(
                "%s: %s redirects to an address that cannot be used".formatted(id, from.getHost()),
                cause);
    }

    /** Throws a failure that may pass; returns one that will not. */
    private CairnException failure(HubOrigins hub, URI uri, int status, HttpHeaders headers)
            throws TransientFailure {
        boolean isHubsWord =
                hub.includes(uri) || headers.firstValue(Refusal.ERROR_CODE).isPresent();
        // Addresses on storage servers expire; the next try gets a new one from the hub.
        if (TransientFailure.isTransient(status) || !isHubsWord) {
            throw TransientFailure.answered(
                    "%s answers %d".formatted(uri.getHost(), status), headers);
        }
        boolean isMirrored = !HubOrigins.same(settings.endpoint(), uri);
        return new Refusal(id, settings, token != null, isMirrored ? uri.getHost() : null)
                .of(status, headers);
    }

    private static boolean isUnreachable(IOException e) {
        return switch (ConnectionFailure.of(e)) {
            case UNKNOWN_HOST, REFUSED -> true;
            case CONNECT_TIMEOUT, TIMEOUT, TLS, BROKEN -> false;
        };
    }

    private static String reason(IOException e) {
        return switch (ConnectionFailure.of(e)) {
            case UNKNOWN_HOST -> "no such host, or no network";
            case REFUSED -> "cannot connect";
            case CONNECT_TIMEOUT, TIMEOUT -> "no answer in time";
            case TLS -> "no secure connection: " + e.getMessage();
            case BROKEN -> "the connection broke";
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
