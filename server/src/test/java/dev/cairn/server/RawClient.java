package dev.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/** A client that may do what a decent one never does. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    private RawClient(Socket socket) {
        this.socket = socket;
    }

    static RawClient to(Server server) {
        try {
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head and body of a request whose body is JSON; single quotes stand for double ones. */
    static String post(String path, String body) {
        String json = body.replace('\'', '"');
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + json.getBytes(UTF_8).length
                + "\r\n\r\n"
                + json;
    }

    RawClient send(String text) {
        return send(text.getBytes(UTF_8));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that nothing more comes. */
    RawClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything until the server ends the connection, or what came before it broke. */
    String readAll() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (IOException e) {
            bytes.writeBytes(("[" + e.getMessage() + "]").getBytes(UTF_8));
        }
        return bytes.toString(UTF_8);
    }

    /** Everything until one of some texts, in ASCII, has come. */
    String readUntil(String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (Arrays.stream(texts).noneMatch(text -> endsWith(seen, text))) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError(
                            "the end came before " + List.of(texts) + ": " + bytes);
                }
                bytes.write(b);
                seen.append((char) b);
            }
        } catch (IOException e) {
            throw new AssertionError("before " + List.of(texts) + " came " + bytes, e);
        }
        return bytes.toString(UTF_8);
    }

    private static boolean endsWith(StringBuilder seen, String ascii) {
        int start = seen.length() - ascii.length();
        return start >= 0 && seen.indexOf(ascii, start) == start;
    }

    /** Ends the connection, with a reset when something that came was not read. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
