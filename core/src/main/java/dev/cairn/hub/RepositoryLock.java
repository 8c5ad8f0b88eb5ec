package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that lets one download at a time write to a repository's folder. The operating system
 * releases it when the process ends, however it ends.
 */
final class RepositoryLock implements AutoCloseable {
    /** A file lock belongs to the process, so threads need this lock too. */
    private static final ReentrantLock PROCESS = new ReentrantLock();

    private final FileChannel channel;

    private RepositoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file created if missing, never deleted
     * @param onWait called once if another process holds the lock
     */
    static RepositoryLock acquire(Path file, Runnable onWait) {
        PROCESS.lock();
        try {
            return new RepositoryLock(locked(file, onWait));
        } catch (IOException e) {
            PROCESS.unlock();
            throw unlockable(file, e);
        }
    }

    /**
     * Takes the lock if nobody holds it.
     *
     * @param file as in {@link #acquire}
     * @return empty if a download holds it
     */
    static Optional<RepositoryLock> tryAcquire(Path file) {
        if (!PROCESS.tryLock()) {
            return Optional.empty();
        }
        try {
            FileChannel channel = open(file);
            if (channel.tryLock() != null) {
                return Optional.of(new RepositoryLock(channel));
            }
            channel.close();
            PROCESS.unlock();
            return Optional.empty();
        } catch (IOException e) {
            PROCESS.unlock();
            throw unlockable(file, e);
        }
    }

    private static CairnException unlockable(Path file, IOException e) {
        return new CairnException(file + ": cannot be locked: " + AtomicFiles.reason(e), e);
    }

    private static FileChannel open(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static FileChannel locked(Path file, Runnable onWait) throws IOException {
        FileChannel channel = open(file);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                onWait.run();
                lock = channel.lock();
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try (channel) {
            PROCESS.unlock();
        } catch (IOException e) {
            return; // the lock is released when the process ends
        }
    }
}
