package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.http.BodyReader;
import dev.cairn.http.Retries;
import dev.cairn.http.TransientFailure;
import dev.cairn.http.WebClient;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hub's HTTP interface for one repository. */
final class HubClient implements AutoCloseable {
    /** Enough for about 100,000 files. */
    private static final int MAX_LISTING_BYTES = 20_000_000;

    private final HubHttp http;
    private final HubSettings settings;
    private final HubId id;
    private final Retries retries;

    HubClient(HubSettings settings, HubId id, Duration timeout, Retries retries) {
        this.http = new HubHttp(settings, id, timeout);
        this.settings = settings;
        this.id = id;
        this.retries = retries;
    }

    /** The repository's present contents. */
    Listing listing() {
        URI uri =
                address(
                        "/api/models/%s/revision/%s?blobs=true"
                                .formatted(id.repository(), encoded(id.revision())));
        return retries.call(() -> {
            try (HubHttp.Reply reply = http.send(get(uri))) {
                return Listing.parse(id, all(reply.body()));
            }
        });
    }

    private byte[] all(BodyReader body) throws TransientFailure {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > MAX_LISTING_BYTES) {
                throw new CairnException(
                        id
                                + ": the hub's response is too long for a list of files; check HF_ENDPOINT");
            }
        }
        return bytes.toByteArray();
    }

    /**
     * Asks for the size and the checksum of a file whose listing lacks them.
     *
     * @throws CairnException when the hub does not give them here either
     */
    HubFile described(HubFile file, String commit) {
        URI uri = address(file, commit);
        HttpRequest.Builder head = WebClient.request(uri).HEAD();
        return retries.call(() -> {
            try (HubHttp.Reply reply = http.send(head)) {
                Long size = file.size() != null ? file.size() : size(reply);
                Checksum checksum = file.checksum() != null ? file.checksum() : checksum(reply);
                if (size == null || checksum == null) {
                    throw new CairnException(
                            "%s: the hub gives no %s for %s, so the download could not be verified; check HF_ENDPOINT"
                                    .formatted(
                                            id, size == null ? "size" : "checksum", file.name()));
                }
                return new HubFile(file.name(), size, checksum);
            }
        });
    }

    private static @Nullable Long size(HubHttp.Reply reply) {
        // The Content-Length of a redirect is that of the redirect, not of the file.
        Stream<String> length =
                reply.status() / 100 == 2
                        ? reply.headers().firstValue("Content-Length").stream()
                        : Stream.of();
        return Stream.concat(reply.fromHub("X-Linked-Size"), length)
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::valueOf)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Checksum checksum(HubHttp.Reply reply) {
        return Stream.concat(reply.fromHub("X-Linked-Etag"), reply.fromHub("ETag"))
                .flatMap(etag -> Checksum.parse(etag).stream())
                .findFirst()
                .orElse(null);
    }

    /**
     * Starts to download a file.
     *
     * @param from offset of the first byte wanted; the server may ignore it and send the whole file
     * @throws CairnException when the hub sends a file other than the one it listed
     */
    HubHttp.Reply download(HubFile file, String commit, long from) throws TransientFailure {
        HttpRequest.Builder request = get(address(file, commit));
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        HubHttp.Reply reply = http.send(request);
        Checksum said = checksum(reply);
        String saidCommit = reply.fromHub("X-Repo-Commit").findFirst().orElse(commit);
        if ((said != null && !said.equals(file.checksum())) || !saidCommit.equals(commit)) {
            reply.close();
            throw new CairnException(
                    "%s: the hub lists a different %s from the one it sends; try again later"
                            .formatted(id, file.name()));
        }
        return reply;
    }

    private static HttpRequest.Builder get(URI uri) {
        return WebClient.request(uri).GET();
    }

    private URI address(HubFile file, String commit) {
        String path =
                Stream.of(file.name().split("/"))
                        .map(HubClient::encoded)
                        .collect(Collectors.joining("/"));
        return address("/%s/resolve/%s/%s".formatted(id.repository(), commit, path));
    }

    private URI address(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
