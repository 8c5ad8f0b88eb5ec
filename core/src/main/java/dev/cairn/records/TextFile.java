package dev.cairn.records;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
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

/** A file of questions in memory: UTF-8, of a bounded size, without its byte order mark. */
public final class TextFile {
    /** Beside it the questions need about as much memory again. */
    private static final int MOST_BYTES = 1 << 30;

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
     * @throws CairnException naming the file when it cannot be read or is too large, and the line
     *     where it is not UTF-8
     */
    public static TextFile read(Path path) {
        return read(path, MOST_BYTES);
    }

    public static TextFile read(Path path, int mostBytes) {
        TextFile file = new TextFile(path, bytes(path, mostBytes));
        int bad = file.firstBadByte();
        if (bad >= 0) {
            throw new CairnException(
                    "%s:%d: not UTF-8 text; convert it to UTF-8".formatted(path, file.lineOf(bad)));
        }
        return file;
    }

    private static byte[] bytes(Path path, int most) {
        try (InputStream in = Files.newInputStream(path)) {
            if (Files.size(path) <= most) {
                // A pipe tells its size only when it is read.
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length <= most) {
                    return bytes;
                }
            }
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
        throw new CairnException(
                String.format(
                        Locale.ROOT,
                        "%s: expected at most %,d bytes, found more; divide it into several files"
                                + " of one folder",
                        path,
                        most));
    }

    /** Where the text stops being UTF-8, or -1; UTF-16 of plain letters shows by its zeros. */
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

    /** Its lines from the first, without their ends. */
    public Stream<String> lines() {
        return new BufferedReader(reader()).lines();
    }

    /** All of it, from the beginning. */
    Reader reader() {
        int start = startsWithMark() ? MARK_BYTES : 0;
        return new InputStreamReader(
                new ByteArrayInputStream(bytes, start, bytes.length - start),
                StandardCharsets.UTF_8);
    }

    private boolean startsWithMark() {
        return bytes.length >= MARK_BYTES
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
    }
}
