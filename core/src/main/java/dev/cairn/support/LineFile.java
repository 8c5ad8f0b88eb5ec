package dev.cairn.support;

import dev.cairn.CairnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of lines, such as JSON lines of results that took long to compute. A line is
 * on disk before {@link #add} returns, so a crash loses at most the line being written. Only one
 * process can write at a time. Thread-safe.
 */
public final class LineFile implements AutoCloseable {
    private static final int BLOCK = 1 << 16;

    private final Path path;

    /** Not a channel, which would be closed when a writing thread is interrupted. */
    private final RandomAccessFile file;

    private final boolean wasHalf;

    private LineFile(Path path, RandomAccessFile file, BiConsumer<String, String> line)
            throws IOException {
        this.path = path;
        this.file = file;
        long length = wholeLines(file.getChannel());
        this.wasHalf = length < file.length();
        read(path, file.getChannel(), length, line);
        file.setLength(length);
        file.seek(length);
    }

    /**
     * Opens a file for appending, or creates it and its folder. An incomplete last line is dropped.
     *
     * @param line called with every existing line and its location, {@code file:number}
     * @throws CairnException if another process is writing to the file, or it cannot be read or
     *     written
     */
    public static LineFile open(Path path, BiConsumer<String, String> line) {
        RandomAccessFile file = null;
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            file = new RandomAccessFile(path.toFile(), "rw");
            if (file.getChannel().tryLock() == null) {
                throw taken(path, null);
            }
            return new LineFile(path, file, line);
        } catch (OverlappingFileLockException e) {
            close(file);
            throw taken(path, e);
        } catch (IOException e) {
            close(file);
            throw new CairnException(path + ": cannot be opened: " + AtomicFiles.reason(e), e);
        } catch (RuntimeException e) {
            close(file);
            throw e;
        }
    }

    /**
     * Reads the complete lines of a file, even while another process appends to it; a missing file
     * has no lines.
     *
     * @throws CairnException if the file cannot be read
     */
    public static void read(Path path, BiConsumer<String, String> line) {
        if (!Files.exists(path)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path)) {
            read(path, channel, wholeLines(channel), line);
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    private static void read(
            Path path, FileChannel channel, long length, BiConsumer<String, String> line)
            throws IOException {
        // Not closed: that would close the channel and release the lock on the file.
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel.position(0)),
                                StandardCharsets.UTF_8.newDecoder()));
        long left = length;
        for (int number = 1; left > 0; number++) {
            String text = reader.readLine();
            if (text == null) {
                return;
            }
            left -= text.getBytes(StandardCharsets.UTF_8).length + 1;
            line.accept(text, path + ":" + number);
        }
    }

    /**
     * The length in bytes of all complete lines; the rest was being written when the writer was
     * killed.
     */
    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long end = channel.size(); end > 0; end = Math.max(0, end - BLOCK)) {
            long start = Math.max(0, end - BLOCK);
            block.clear().limit((int) (end - start));
            while (block.hasRemaining()) {
                channel.read(block, start + block.position());
            }
            for (int i = block.limit() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return start + i + 1;
                }
            }
        }
        return 0;
    }

    /** Whether an incomplete last line was dropped when the file was opened. */
    public boolean wasHalf() {
        return wasHalf;
    }

    /**
     * Appends a line; a line that cannot be written completely is removed again.
     *
     * @param line without a line break
     * @throws CairnException if the line cannot be written
     */
    public synchronized void add(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            long end = file.getFilePointer();
            try {
                file.write(bytes);
                file.getFD().sync();
            } catch (IOException e) {
                file.setLength(end);
                throw e;
            }
        } catch (IOException e) {
            throw new CairnException(
                    "%s: cannot write: %s; earlier lines are safe: make room and run again"
                            .formatted(path, AtomicFiles.reason(e)),
                    e);
        }
    }

    private static CairnException taken(Path path, @Nullable Throwable cause) {
        return new CairnException(
                path
                        + ": another process is writing to it; wait until that is done, or choose another output folder",
                cause);
    }

    private static void close(@Nullable RandomAccessFile file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            return; // every line is already on disk
        }
    }

    @Override
    public void close() {
        close(file);
    }
}
