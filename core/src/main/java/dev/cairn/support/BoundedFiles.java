package dev.cairn.support;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files from untrusted sources; rejects what is not a regular file or is too large. */
public final class BoundedFiles {
    private BoundedFiles() {}

    /**
     * The text of a file.
     *
     * @param maxBytes limit of its size, far above that of any valid file
     * @throws CairnException if the file is missing, not a regular file, too large, not UTF-8 or
     *     cannot be read; names the file
     */
    public static String readString(Path file, long maxBytes) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new CairnException(file + ": not a regular file");
            }
            long bytes = Files.size(file);
            if (bytes > maxBytes) {
                throw new CairnException(
                        "%s: expected at most %d bytes, found %d; fetch the file again"
                                .formatted(file, maxBytes, bytes));
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CairnException(file + ": cannot read: no such file or directory", e);
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": not UTF-8 text; fetch the file again", e);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot read: " + AtomicFiles.reason(e), e);
        }
    }
}
