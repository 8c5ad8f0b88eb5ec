package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand requests of all sorts, also such as make trouble: the server must be as it was after
 * the first thousand. {@code make test-slow} runs it; docs/serving.md has its figures.
 */
@Tag("slow")
class SoakTest {
    private static final int CLIENTS = 8;
    private static final int WARM_UP = 1_000;
    private static final int REQUESTS = 10_000;

    @TempDir private Path folder;
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    /** What a process holds, as Linux tells it. */
    private record Held(long rssKib, int threads, int files, double heapMib) {
        static Held of(ServerProcess server) throws Exception {
            Path proc = Path.of("/proc", Long.toString(server.process().pid()));
            String status = Files.readString(proc.resolve("status"));
            try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
                return new Held(
                        number(status, "VmRSS:\\s+(\\d+)"),
                        (int) number(status, "Threads:\\s+(\\d+)"),
                        (int) open.count(),
                        heap(server.text("/metrics")));
            }
        }

        private static long number(String text, String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            assertThat(matcher.find()).isTrue();
            return Long.parseLong(matcher.group(1));
        }

        /** What survived collections: the old generation. */
        private static double heap(String metrics) {
            Matcher matcher =
                    Pattern.compile(
                                    "jvm_memory_used_bytes\\{area=\"heap\",id=\"Tenured Gen\"\\} (\\S+)")
                            .matcher(metrics);
            return matcher.find() ? Double.parseDouble(matcher.group(1)) / (1 << 20) : Double.NaN;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tenThousandRequestsLeaveTheServerAsItWas() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(folder.resolve("traces.db"), "models/grain")) {
            send(server, 0, WARM_UP);
            Held before = Held.of(server);
            send(server, WARM_UP, WARM_UP + REQUESTS);
            Held after = Held.of(server);
            System.out.printf("after %d requests: %s%n", WARM_UP, before);
            System.out.printf("after %d requests: %s%n", WARM_UP + REQUESTS, after);
            System.out.println(outcomes);
            assertThat(outcomes.keySet()).noneMatch(outcome -> outcome.startsWith("5"));
            // Threads of Jetty's and the JVM's own pools come and go, a few at a time.
            assertThat(after.threads()).isLessThan(before.threads() + 16);
            // As many as there are clients may be closing.
            assertThat(after.files()).isLessThan(before.files() + 2 * CLIENTS);
            // 10,000 leaked requests of 10 KiB each would be 100 MiB.
            assertThat(after.rssKib()).isLessThan(before.rssKib() + (100 << 10));
        }
    }

    private void send(ServerProcess server, int from, int to) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
                HttpClient http = HttpClient.newHttpClient()) {
            Callable<?> client =
                    () -> {
                        for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
                            count(send(server, http, i));
                        }
                        return null;
                    };
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(client));
            }
            for (Future<?> done : clients) {
                done.get();
            }
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new AtomicInteger()).incrementAndGet();
    }

    /** One request of eight sorts. */
    private static String send(ServerProcess server, HttpClient http, int number) throws Exception {
        String hi = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi " + number + "\"}]";
        return switch (number % 8) {
            case 0 -> post(server, http, "/v1/chat/completions", body(hi, 8));
            case 1 -> post(server, http, "/v1/chat/completions", body(hi + ",\"stream\":true", 8));
            case 2 ->
                    post(
                            server,
                            http,
                            "/v1/completions",
                            body("\"prompt\":[5,6,7],\"echo\":true,\"logprobs\":1", 1));
            case 3 -> post(server, http, "/v1/completions", body("\"prompt\":[\"a\",\"b\"]", 4));
            case 4 -> post(server, http, "/v1/chat/completions", "{\"model\": " + number);
            case 5 -> post(server, http, "/tokenize", "{\"content\":\"Hello\"}");
            case 6 -> hangUp(server, body(hi + ",\"stream\":true", 200));
            default -> hangUp(server, body(hi, 200));
        };
    }

    private static String body(String rest, int maxTokens) {
        return "{\"model\":\"grain\",\"max_tokens\":" + maxTokens + "," + rest + "}";
    }

    private static String post(ServerProcess server, HttpClient http, String path, String body)
            throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(server.address().resolve(path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return Integer.toString(answer.statusCode());
    }

    /** Asks and goes away, without or with a look at the beginning of the answer. */
    private static String hangUp(ServerProcess server, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"
                                            + server.address().getPort()
                                            + "\r\nContent-Type: application/json\r\nContent-Length: "
                                            + bytes.length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            if (body.contains("stream")) {
                InputStream answer = socket.getInputStream();
                assertThat(answer.read()).isNotNegative();
            }
        }
        return "hung up";
    }
}
