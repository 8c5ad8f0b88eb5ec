package dev.cairn.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server on this machine that behaves as the hub does: large files are on a storage server at
 * another address, to which the hub redirects. Keeps what it was asked, and can be told to fail.
 */
public final class FakeHub implements AutoCloseable {
    /** Stands for the listing of a repository where a file's name is expected. */
    public static final String LISTING = "the listing";

    /** One request, as it came. */
    public record Request(
            boolean isToStorage, String method, String path, Map<String, List<String>> headers) {
        public Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().getFirst())
                    .findFirst();
        }
    }

    /** One answer that differs from what the hub would say. */
    @FunctionalInterface
    public interface Fault {
        /** Answers a request for these bytes. */
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub;
    private final HttpServer storage;
    private final Map<String, FakeRepository> repositories = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private FakeHub(HttpServer hub, HttpServer storage) {
        this.hub = hub;
        this.storage = storage;
    }

    public static FakeHub start() {
        try {
            FakeHub fake = new FakeHub(server(), server());
            fake.serve(fake.hub, false);
            fake.serve(fake.storage, true);
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private void serve(HttpServer server, boolean isStorage) {
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, isStorage));
        server.start();
    }

    public String endpoint() {
        return "http://localhost:" + hub.getAddress().getPort();
    }

    /** The repository of an id; made when there is none. */
    public FakeRepository repository(String id) {
        return repositories.computeIfAbsent(id, FakeRepository::new);
    }

    /** The next answers to requests for a file's bytes, or for {@link #LISTING}. */
    public void next(String file, Fault... answers) {
        faults.computeIfAbsent(file, f -> new ArrayDeque<>()).addAll(Arrays.asList(answers));
    }

    public List<Request> requests() {
        return requests;
    }

    /**
     * Requests for the bytes of a file, wherever they went; the hub's redirect is not among them.
     */
    public List<Request> downloads(String file) {
        return requests.stream()
                .filter(r -> r.method().equals("GET") && r.path().endsWith("/" + file))
                .filter(r -> r.isToStorage() || !isLarge(r.path()))
                .toList();
    }

    private boolean isLarge(String path) {
        return repositories.values().stream()
                .anyMatch(r -> path.startsWith("/" + r.id() + "/") && r.isLarge(name(path)));
    }

    private static String name(String path) {
        return path.substring(path.indexOf('/', path.indexOf("/resolve/") + 9) + 1);
    }

    private void answer(HttpExchange exchange, boolean isStorage) throws IOException {
        try (exchange) {
            String raw = exchange.getRequestURI().getRawPath();
            String path = decoded(raw);
            requests.add(
                    new Request(
                            isStorage,
                            exchange.getRequestMethod(),
                            path,
                            Map.copyOf(exchange.getRequestHeaders())));
            if (isStorage) {
                String[] parts = path.split("/signed/", 2);
                send(exchange, parts[1], repository(parts[0].substring(1)).bytes(parts[1]));
            } else {
                answerAsHub(exchange, raw);
            }
        }
    }

    private static String decoded(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /**
     * @param path as it came: the slashes of a revision are escaped
     */
    private void answerAsHub(HttpExchange exchange, String path) throws IOException {
        boolean isListing = path.startsWith("/api/models/");
        String marker = isListing ? "/revision/" : "/resolve/";
        int at = path.indexOf(marker);
        FakeRepository repository = repositories.get(path.substring(isListing ? 12 : 1, at));
        if (repository == null) {
            status(404, "X-Error-Code", "RepoNotFound").answer(exchange, new byte[0]);
            return;
        }
        Fault refusal = repository.refusal(exchange.getRequestHeaders().getFirst("Authorization"));
        if (refusal != null) {
            refusal.answer(exchange, new byte[0]);
            return;
        }
        String rest = path.substring(at + marker.length());
        if (!repository.hasRevision(decoded(rest.split("/")[0]))) {
            status(404, "X-Error-Code", "RevisionNotFound").answer(exchange, new byte[0]);
        } else if (isListing) {
            send(exchange, LISTING, repository.listing());
        } else {
            file(exchange, repository, decoded(rest.substring(rest.indexOf('/') + 1)));
        }
    }

    private void file(HttpExchange exchange, FakeRepository repository, String file)
            throws IOException {
        if (!repository.has(file)) {
            status(404, "X-Error-Code", "EntryNotFound").answer(exchange, new byte[0]);
            return;
        }
        var headers = exchange.getResponseHeaders();
        repository.headers(file).forEach(headers::set);
        if (repository.isLarge(file)) {
            headers.set(
                    "Location",
                    "http://127.0.0.1:%d/%s/signed/%s?signature=a%%2Fb"
                            .formatted(storage.getAddress().getPort(), repository.id(), file));
            exchange.sendResponseHeaders(302, -1);
        } else {
            send(exchange, file, repository.bytes(file));
        }
    }

    private void send(HttpExchange exchange, String file, byte[] content) throws IOException {
        Deque<Fault> planned = faults.getOrDefault(file, new ArrayDeque<>());
        Fault fault = planned.poll();
        (fault == null ? whole() : fault).answer(exchange, content);
    }

    /** Everything that was asked for. */
    private static Fault whole() {
        return (exchange, content) -> dies(Integer.MAX_VALUE).answer(exchange, content);
    }

    /** A status, with headers as names and values. */
    public static Fault status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** The connection ends after so many bytes of an answer that has more. */
    public static Fault dies(int after) {
        return (exchange, content) -> part(exchange, content, range(exchange, content), after);
    }

    /** The same, from the beginning, though only a part was asked for. */
    public static Fault ignoresRange(int after) {
        return (exchange, content) -> part(exchange, content, 0, after);
    }

    /** A part, but not the one that was asked for. */
    public static Fault otherPart(int from) {
        return (exchange, content) -> part(exchange, content, from, Integer.MAX_VALUE);
    }

    private static void part(HttpExchange exchange, byte[] content, int from, int most)
            throws IOException {
        begin(exchange, content, from);
        write(exchange, content, from, most);
    }

    /** Sends so many bytes and then nothing until the latch is down; then the rest. */
    public static Fault holds(int after, CountDownLatch sent, CountDownLatch until) {
        return (exchange, content) -> {
            int from = range(exchange, content);
            begin(exchange, content, from);
            write(exchange, content, from, after);
            sent.countDown();
            try {
                until.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            write(exchange, content, from + after, Integer.MAX_VALUE);
        };
    }

    /** As many bytes as there should be, but others. */
    public static Fault wrongBytes() {
        return (exchange, content) -> {
            byte[] wrong = content.clone();
            wrong[wrong.length / 2] ^= 1;
            dies(Integer.MAX_VALUE).answer(exchange, wrong);
        };
    }

    /** More bytes than there should be. */
    public static Fault tooMany() {
        return (exchange, content) ->
                dies(Integer.MAX_VALUE)
                        .answer(exchange, Arrays.copyOf(content, content.length + 70_000));
    }

    private static int range(HttpExchange exchange, byte[] content) {
        @Nullable String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null
                ? 0
                : Math.min(content.length, Integer.parseInt(range.replaceAll("[^0-9]", "")));
    }

    private static void begin(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        if (isHead) {
            exchange.getResponseHeaders().set("Content-Length", "" + content.length);
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, isHead || length == 0 ? -1 : length);
    }

    private static void write(HttpExchange exchange, byte[] content, int from, int most)
            throws IOException {
        OutputStream out = exchange.getResponseBody();
        if (!exchange.getRequestMethod().equals("HEAD")) {
            out.write(content, from, Math.min(most, content.length - from));
            out.flush(); // the headers, if nothing else
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }
}
