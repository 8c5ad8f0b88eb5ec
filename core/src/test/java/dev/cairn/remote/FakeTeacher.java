package dev.cairn.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server on this machine that looks like one with an OpenAI-compatible address. It answers as it
 * is told, well or badly down to the bytes, and keeps what it was asked.
 */
public final class FakeTeacher implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * One request, as it came.
     *
     * @param number from 1, in the order in which they came
     * @param headers names in any case
     */
    public record Request(int number, String path, Map<String, String> headers, String body) {
        public JsonNode json() {
            return MAPPER.readTree(body);
        }

        /** What the user's message says. */
        public String question() {
            return json().path("messages")
                    .path(json().path("messages").size() - 1)
                    .path("content")
                    .asString();
        }
    }

    /** One way to answer. */
    @FunctionalInterface
    public interface Reply {
        /**
         * Answers; the connection lives on only after a whole answer.
         *
         * @return whether another request may come
         */
        boolean send(Socket connection) throws IOException;
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<Request, Reply> answers;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();

    private FakeTeacher(ServerSocket server, Function<Request, Reply> answers) {
        this.server = server;
        this.answers = answers;
    }

    /**
     * Starts a server.
     *
     * @param answers called at once from as many threads as there are connections
     */
    public static FakeTeacher start(Function<Request, Reply> answers) {
        try {
            FakeTeacher teacher =
                    new FakeTeacher(
                            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answers);
            teacher.threads.submit(teacher::accept);
            return teacher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server whose first answers are given; the last one stays. */
    public static FakeTeacher start(Reply... answers) {
        return start(request -> answers[Math.min(request.number(), answers.length) - 1]);
    }

    /** Starts a server that answers every question with a text. */
    public static FakeTeacher saying(UnaryOperator<String> answers) {
        return start(request -> says(answers.apply(request.question())));
    }

    /** The address, as it stands in a configuration. */
    public URI baseUrl() {
        return URI.create("http://localhost:" + server.getLocalPort() + "/v1");
    }

    /** All requests so far, in the order in which they came. */
    public List<Request> requests() {
        return requests;
    }

    /**
     * Waits until that many requests have come, or the process that sends them has ended.
     *
     * @throws AssertionError when neither happens within two minutes
     */
    public void awaitRequests(int count, Process sender) throws InterruptedException {
        sender.onExit().thenRun(this::wakeUp);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        synchronized (requests) {
            while (requests.size() < count && sender.isAlive()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(
                            "expected %d requests, found %d".formatted(count, requests.size()));
                }
                TimeUnit.NANOSECONDS.timedWait(requests, left);
            }
        }
    }

    private void wakeUp() {
        synchronized (requests) {
            requests.notifyAll();
        }
    }

    /** The most requests that waited for their answers at the same time. */
    public int mostInFlight() {
        return mostInFlight.get();
    }

    /** A completion with a text. */
    public static Reply says(String text) {
        return says(text, "stop");
    }

    /** A completion with a text and the reason for its end; it has used 7 and 3 tokens. */
    public static Reply says(String text, String finishReason) {
        return json(
                MAPPER.writeValueAsString(
                        Map.of(
                                "id",
                                "chatcmpl-1",
                                "object",
                                "chat.completion",
                                "created",
                                1700000000,
                                "model",
                                "teacher-1",
                                "choices",
                                List.of(
                                        Map.of(
                                                "index",
                                                0,
                                                "message",
                                                Map.of("role", "assistant", "content", text),
                                                "finish_reason",
                                                finishReason)),
                                "usage",
                                Map.of(
                                        "prompt_tokens", 7,
                                        "completion_tokens", 3,
                                        "total_tokens", 10))));
    }

    /** Status 200 with a body. */
    public static Reply json(String body) {
        return status(200, body, "Content-Type", "application/json");
    }

    /** Status 200 with a page for people. */
    public static Reply html() {
        return status(
                200,
                "<!DOCTYPE html>\n<html><body>Welcome</body></html>",
                "Content-Type",
                "text/html");
    }

    /** An error with a message. */
    public static Reply error(int status, String message, String... headers) {
        String body = MAPPER.writeValueAsString(Map.of("error", Map.of("message", message)));
        return status(status, body, headers);
    }

    /** A status with a body, and headers as names and values. */
    public static Reply status(int status, String body, String... headers) {
        return connection -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            write(connection, head(status, bytes.length, headers), bytes, bytes.length);
            return true;
        };
    }

    /** The connection ends before anything was said. */
    public static Reply closesBeforeAnswer() {
        return connection -> false;
    }

    /** The connection ends in the middle of the answer. */
    public static Reply closesInBody() {
        return connection -> {
            byte[] bytes = "{\"choices\": [{\"message\": {".getBytes(StandardCharsets.UTF_8);
            write(connection, head(200, 1000), bytes, bytes.length);
            return false;
        };
    }

    /** Says nothing until the client goes away. */
    public static Reply hangs() {
        return connection -> {
            awaitEnd(connection);
            return false;
        };
    }

    /** Begins an answer and then says nothing until the client goes away. */
    public static Reply hangsInBody() {
        return connection -> {
            write(connection, head(200, 1000), new byte[] {'{'}, 1);
            awaitEnd(connection);
            return false;
        };
    }

    /** Sends a body without an end until the client goes away; its length is not said. */
    public static Reply neverEnds() {
        return connection -> {
            byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            write(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", spaces, 1);
            while (true) {
                connection.getOutputStream().write(spaces);
            }
        };
    }

    private static void awaitEnd(Socket connection) throws IOException {
        while (connection.getInputStream().read() >= 0) {
            continue;
        }
    }

    private static String head(int status, int length, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
    }

    private static void write(Socket connection, String head, byte[] body, int length)
            throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, 0, length);
        out.flush();
    }

    private void accept() {
        while (true) {
            try {
                Socket connection = server.accept();
                // Else the second half of an answer waits 40 ms for the client to confirm the
                // first.
                connection.setTcpNoDelay(true);
                connections.add(connection);
                threads.submit(() -> serve(connection));
            } catch (IOException e) {
                return; // the server was closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                Request request = read(in);
                goesOn = request != null && reply(request).send(connection);
            }
        } catch (IOException e) {
            return; // the client went away
        } finally {
            connections.remove(connection);
        }
    }

    /** A request counts as waiting until its answer begins, or its client could be sooner. */
    private Reply reply(Request request) {
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
            return answers.apply(request);
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] header = line.split(":", 2);
            headers.put(header[0], header[1].strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        synchronized (requests) {
            Request request = new Request(requests.size() + 1, first.split(" ")[1], headers, body);
            requests.add(request);
            requests.notifyAll();
            return request;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
