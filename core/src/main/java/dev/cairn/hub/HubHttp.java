package dev.cairn.hub;

import dev.cairn.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and follows their redirects. The token goes to the hub's own address and nowhere
 * else.
 */
final class HubHttp implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;

    private final HttpClient http;
    private final HubSettings settings;
    private final HubId id;
    private final Patience patience;
    private final @Nullable String token;
    private boolean isReached;

    HubHttp(HubSettings settings, HubId id, Patience patience) {
        this.settings = settings;
        this.id = id;
        this.patience = patience;
        HubToken from = settings.token();
        this.token = from == null ? null : from.read().orElse(null);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(patience.timeout())
                        .build();
    }

    /**
     * An answer, at the end of its redirects.
     *
     * @param fromHub headers of the hub's own answers, the first one first: what a storage server
     *     says about a file counts for nothing
     */
    record Reply(int status, HttpHeaders headers, List<HttpHeaders> fromHub, PatientStream body)
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
     * Follows redirects; only answers that have what was asked for come back, and 416. Who asks for
     * headers alone gets those of the hub's redirect to a storage server: the address there is good
     * for the bytes only.
     */
    Reply send(HttpRequest.Builder request) throws TransientFailure {
        boolean isHead = request.build().method().equals("HEAD");
        List<HttpHeaders> fromHub = new ArrayList<>();
        URI uri = request.build().uri();
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<InputStream> response = sendOnce(request.copy(), uri);
            int status = response.statusCode();
            HttpHeaders headers = response.headers();
            if (isHub(uri)) {
                fromHub.add(headers);
            }
            PatientStream body = new PatientStream(response.body(), patience.timeout());
            if (status / 100 == 2 || status == 416) {
                return new Reply(status, headers, fromHub, body);
            }
            body.close();
            if (status / 100 != 3) {
                throw failure(uri, status, headers);
            }
            uri = target(uri, headers);
            if (isHead && !isHub(uri)) {
                return new Reply(status, headers, fromHub, body);
            }
        }
        throw new CairnException(id + ": the hub redirects in a circle; check HF_ENDPOINT");
    }

    private HttpResponse<InputStream> sendOnce(HttpRequest.Builder request, URI uri)
            throws TransientFailure {
        request.uri(uri)
                .timeout(patience.timeout())
                .header("User-Agent", "cairn")
                .header("Accept-Encoding", "identity");
        if (token != null && isHub(uri)) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<InputStream> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            isReached = true;
            return response;
        } catch (IOException e) {
            if (!isReached && isUnreachable(e)) {
                throw new CairnException(
                        "%s: %s; check the network and HF_ENDPOINT"
                                .formatted(uri.getHost(), reason(e)),
                        e);
            }
            throw new TransientFailure(uri.getHost() + ": " + reason(e), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException("interrupted while waiting for the hub", e);
        }
    }

    /** Host, port and scheme: on any other the token would be in other hands. */
    private boolean isHub(URI uri) {
        URI hub = settings.endpoint();
        return hub.getScheme().equals(uri.getScheme())
                && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(hub) == port(uri);
    }

    private static int port(URI uri) {
        boolean isHttps = "https".equals(uri.getScheme());
        return uri.getPort() >= 0 ? uri.getPort() : isHttps ? 443 : 80;
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

    /** Throws what may pass; returns what will not. */
    private CairnException failure(URI uri, int status, HttpHeaders headers)
            throws TransientFailure {
        // Addresses on storage servers expire; the next try gets a new one from the hub.
        if (status >= 500 || status == 408 || status == 429 || !isHub(uri)) {
            throw new TransientFailure(
                    "%s answers %d".formatted(uri.getHost(), status), retryAfter(headers), null);
        }
        return new Refusal(id, settings, token != null).of(status, headers);
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration wait = Duration.between(Instant.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Waiting helps when a hub goes away, not when there never was one: a name may be mistyped. */
    private static boolean isUnreachable(IOException e) {
        return isUnknown(e) || e instanceof ConnectException;
    }

    private static boolean isUnknown(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(IOException e) {
        if (isUnknown(e)) {
            return "no such host, or no network";
        }
        return switch (e) {
            case ConnectException refused -> "cannot connect";
            case HttpTimeoutException late -> "no answer in time";
            case SSLException tls -> "no secure connection: " + tls.getMessage();
            default -> "the connection broke"; // what Java says is not for people
        };
    }

    @Override
    public void close() {
        http.shutdownNow(); // not close(), which waits for answers nobody reads
    }
}
