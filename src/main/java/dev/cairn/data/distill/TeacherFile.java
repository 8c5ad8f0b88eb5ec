package dev.cairn.data.distill;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Everything a teacher was asked and answered, a line of JSON each, in the order in which it came.
 * Lines are only ever added, and each reaches the disk before its answer is used: a crash loses
 * nothing but what was on its way. One process writes at a time.
 */
public final class TeacherFile implements AutoCloseable {
    private final Path path;

    /** Not a channel, which the interrupt of any thread that writes to it would close. */
    private final RandomAccessFile file;

    private final Answers answers;
    private final boolean wasHalf;

    private TeacherFile(Path path, RandomAccessFile file) throws IOException {
        this.path = path;
        this.file = file;
        long length = Answers.wholeLines(file.getChannel());
        this.wasHalf = length < file.length();
        this.answers = Answers.read(path, file.getChannel(), length);
        file.setLength(length);
        file.seek(length);
    }

    /**
     * Opens a file to add to, or begins one. A last line that was not written to its end is
     * dropped.
     *
     * @throws CairnException when another process has it, it holds something else, or it cannot be
     *     read or written
     */
    public static TeacherFile open(Path path) {
        RandomAccessFile file = null;
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            file = new RandomAccessFile(path.toFile(), "rw");
            if (file.getChannel().tryLock() == null) {
                throw taken(path, null);
            }
            return new TeacherFile(path, file);
        } catch (OverlappingFileLockException e) {
            close(file);
            throw taken(path, e);
        } catch (IOException e) {
            close(file);
            throw new CairnException(path + ": cannot be opened: " + AtomicFiles.reason(e), e);
        } catch (CairnException e) {
            close(file);
            throw e;
        }
    }

    private static CairnException taken(Path path, @Nullable Throwable cause) {
        return new CairnException(
                path
                        + ": another cairn distill is writing to it; wait until it is done, or give the stack an output_dir of its own",
                cause);
    }

    private static void close(@Nullable RandomAccessFile file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            return; // every line is on the disk already
        }
    }

    /** What it holds; grows with every line. */
    public Answers answers() {
        return answers;
    }

    /** Whether its last line was not written to its end, and was dropped. */
    public boolean wasHalf() {
        return wasHalf;
    }

    /** Adds a line; what could not be written whole is taken back. */
    synchronized void add(Exchange exchange) {
        byte[] line = (ExchangeJson.format(exchange) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            long end = file.getFilePointer();
            try {
                file.write(line);
                file.getFD().sync();
            } catch (IOException e) {
                file.setLength(end);
                throw e;
            }
        } catch (IOException e) {
            throw new CairnException(
                    "%s: cannot write: %s; what came before is safe: free some space and run again"
                            .formatted(path, AtomicFiles.reason(e)),
                    e);
        }
        answers.add(exchange);
    }

    @Override
    public void close() {
        close(file);
    }
}
