package dev.cairn.format;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps weight files into memory instead of reading them, so that opening one copies nothing. */
final class MappedFile {
    private MappedFile() {}

    /**
     * Maps a whole file.
     *
     * @param arena unmaps the file when it is closed
     * @throws CairnException naming the file when it cannot be read
     */
    static MemorySegment map(Path file, Arena arena) {
        return map(file, 0, Long.MAX_VALUE, arena);
    }

    /**
     * Maps a part of a file: {@code limit} bytes from {@code start}, or as many as there are.
     *
     * @throws CairnException as {@link #map(Path, Arena)}
     */
    static MemorySegment map(Path file, long start, long limit, Arena arena) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CairnException(file + ": not a regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long begin = Math.min(start, channel.size());
            long size = Math.min(limit, channel.size() - begin);
            return channel.map(FileChannel.MapMode.READ_ONLY, begin, size, arena);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot read: " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * A file's size in bytes.
     *
     * @throws CairnException naming the file when it cannot be read
     */
    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot read: " + AtomicFiles.reason(e), e);
        }
    }

    /** Reads what is mapped; when that fails, unmaps it. */
    static void readOrUnmap(Runnable reading, Runnable unmapping) {
        try {
            reading.run();
        } catch (RuntimeException | Error e) {
            unmapping.run();
            throw e;
        }
    }
}
