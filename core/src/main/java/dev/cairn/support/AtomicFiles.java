package dev.cairn.support;

import dev.cairn.CairnException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files atomically: the bytes go to a hidden file in the same folder, are forced to disk,
 * and only then is that file renamed to the target. A crash, a full disk or {@code kill -9} leaves
 * the old file unchanged.
 */
public final class AtomicFiles {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final String SUFFIX = ".tmp";

    /** Produces the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code out}; the caller flushes and closes it. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFiles() {}

    /** Writes text as UTF-8, like {@link #write}; half of a surrogate pair is an error. */
    public static void writeString(Path target, String text) {
        write(
                target,
                out -> {
                    // String.getBytes would silently write a question mark for half of a surrogate
                    // pair.
                    ByteBuffer bytes =
                            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                    out.write(bytes.array(), 0, bytes.limit());
                });
    }

    /**
     * Replaces or creates {@code target}, creating missing parent folders. A symbolic link is
     * followed: the file it points to is replaced.
     *
     * @throws CairnException if the file cannot be written; names the file and the cause. The old
     *     content is then unchanged and no temporary file remains
     */
    public static void write(Path target, Content content) {
        try {
            replace(Files.exists(target) ? target.toRealPath() : target.toAbsolutePath(), content);
        } catch (IOException e) {
            throw new CairnException(target + ": cannot write: " + reason(e), e);
        }
    }

    /** A short description of what went wrong with a file, without its path. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "expected a folder, found a file";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void replace(Path target, Content content) throws IOException {
        Path name = target.getFileName();
        Path directory = target.getParent();
        if (name == null || directory == null || Files.isDirectory(target)) {
            throw new IOException("it is a directory");
        }
        Files.createDirectories(directory);
        String prefix = "." + name + ".";
        removeLeftovers(directory, prefix);
        String id = ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
        Path temporary = directory.resolve(prefix + id + SUFFIX);
        try {
            writeAndSync(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(directory);
    }

    private static void writeAndSync(Path file, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Removes temporary files of killed processes, which could not do so themselves. */
    private static void removeLeftovers(Path directory, String prefix) throws IOException {
        DirectoryStream.Filter<Path> isLeftover = path -> isLeftover(path, prefix);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, isLeftover)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    private static boolean isLeftover(Path path, String prefix) {
        String name = String.valueOf(path.getFileName());
        if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) {
            return false;
        }
        String id = name.substring(prefix.length(), Math.max(prefix.length(), name.length() - 4));
        if (!id.matches("[0-9]{1,18}-[0-9]+")) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(id.substring(0, id.indexOf('-')))).isEmpty();
    }

    /** Forces the rename to disk. */
    private static void syncDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Some systems (Windows) cannot open a directory. The rename is still atomic there, and
            // the file's content is already on disk.
            return;
        }
    }
}
