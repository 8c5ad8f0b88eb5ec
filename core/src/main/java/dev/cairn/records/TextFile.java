package dev.cairn.records;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * A UTF-8 data file of bounded size, held in memory without its byte order mark. A file whose name
 * ends in {@code .bz2} is decompressed.
 */
public final class TextFile {
    /**
     * Limit of the size in memory. The records read from a file need about as much memory again.
     */
    private static final int MAX_BYTES = 1 << 30;

    private static final int MARK_BYTES = 3;

    private final Path path;
    private final byte[] bytes;

    private TextFile(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /**
     * Reads a file, or a pipe to its end.
     *
     * @throws CairnException if the file cannot be read, is too large or is not UTF-8; names the
     *     file, and the line that is not UTF-8
     */
    public static TextFile read(Path path) {
        return read(path, MAX_BYTES);
    }

    static TextFile read(Path path, int maxBytes) {
        TextFile file = new TextFile(path, bytes(path, maxBytes));
        int bad = file.firstBadByte();
        if (bad >= 0) {
            throw new CairnException(
                    "%s:%d: not UTF-8 text; convert it to UTF-8".formatted(path, file.lineOf(bad)));
        }
        return file;
    }

    private static byte[] bytes(Path path, int maxBytes) {
        try (InputStream in = open(path)) {
            if (Files.size(path) <= maxBytes) {
                // The size of a pipe is known only after reading it.
                byte[] bytes = in.readNBytes(maxBytes + 1);
                if (bytes.length <= maxBytes) {
                    return bytes;
                }
            }
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
        throw new CairnException(
                String.format(
                        Locale.ROOT,
                        "%s: expected at most %,d bytes, found more; split it into several files"
                                + " in one folder",
                        path,
                        maxBytes));
    }

    private static InputStream open(Path path) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path));
        if (!path.toString().endsWith(".bz2")) {
            return in;
        }
        try {
            return new BZip2CompressorInputStream(in, true);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The index of the first byte that is not UTF-8, or -1. A zero byte counts as such: UTF-16 of
     * plain letters is recognised by its zeros.
     */
    private int firstBadByte() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(1 << 13);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        for (int i = 0; i < in.position(); i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return result.isError() ? in.position() : -1;
    }

    private int lineOf(int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) {
                line++;
            }
        }
        return line;
    }

    public Path path() {
        return path;
    }

    /** All lines, without line terminators. */
    public Stream<String> lines() {
        return new BufferedReader(reader()).lines();
    }

    /** Whether the first character that is not white space is {@code character}. */
    boolean beginsWith(char character) {
        int at = start();
        while (at < bytes.length && Character.isWhitespace(bytes[at])) {
            at++;
        }
        return at < bytes.length && bytes[at] == character;
    }

    /** A reader of the whole text, from the beginning. */
    Reader reader() {
        int start = start();
        return new InputStreamReader(
                new ByteArrayInputStream(bytes, start, bytes.length - start),
                StandardCharsets.UTF_8);
    }

    private int start() {
        boolean hasMark =
                bytes.length >= MARK_BYTES
                        && bytes[0] == (byte) 0xEF
                        && bytes[1] == (byte) 0xBB
                        && bytes[2] == (byte) 0xBF;
        return hasMark ? MARK_BYTES : 0;
    }
}
