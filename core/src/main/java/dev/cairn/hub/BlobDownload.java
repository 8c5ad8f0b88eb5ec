package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.http.BodyReader;
import dev.cairn.http.Retries;
import dev.cairn.http.TransientFailure;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Downloads one file into the cache. Bytes go to a temporary file, which a later attempt resumes.
 * The file gets its final name only when it is complete and its checksum matches.
 */
final class BlobDownload {
    /** A suffix that no version of huggingface_hub uses. */
    static final String UNFINISHED = ".cairn.incomplete";

    private final HubClient client;
    private final Retries retries;
    private final PullListener listener;
    private final HubFile file;
    private final long size;
    private final Checksum checksum;
    private final String commit;
    private final Path blob;
    private final Path unfinished;

    /**
     * @param file must have a size and a checksum
     * @param blobs the folder of the repository's blobs
     */
    BlobDownload(
            HubClient client,
            Retries retries,
            PullListener listener,
            HubFile file,
            String commit,
            Path blobs) {
        this.client = client;
        this.retries = retries;
        this.listener = listener;
        this.file = file;
        this.size = Objects.requireNonNull(file.size());
        this.checksum = Objects.requireNonNull(file.checksum());
        this.commit = commit;
        this.blob = blobs.resolve(checksum.hex());
        this.unfinished = blobs.resolve(checksum.hex() + UNFINISHED);
    }

    /**
     * Returns the blob's path, downloading it first if it is missing.
     *
     * @throws CairnException when it cannot be downloaded; the bytes received are kept for the next
     *     attempt
     */
    Path fetch() {
        try {
            if (Files.isRegularFile(blob) && Files.size(blob) == size) {
                return blob;
            }
            Files.createDirectories(blob.toAbsolutePath().getParent());
            listener.begins(file.name(), have(), size);
            try {
                fetchVerified();
            } finally {
                listener.ends();
            }
            return blob;
        } catch (IOException e) {
            throw new CairnException(
                    "%s: %s: cannot be written: %s; the bytes received so far are kept, pull again to continue"
                            .formatted(unfinished, file.name(), AtomicFiles.reason(e)),
                    e);
        }
    }

    private void fetchVerified() throws IOException {
        for (int tries = 1; ; tries++) {
            fetchAllBytes();
            if (checksum.matches(unfinished)) {
                finish();
                return;
            }
            Files.delete(unfinished);
            if (tries == 2) {
                throw new CairnException(
                        "%s: downloaded twice, but its checksum is still not %s; it was deleted, check HF_ENDPOINT and the network"
                                .formatted(file.name(), checksum.hex()));
            }
            listener.notes(file.name() + ": wrong checksum; downloading it again");
        }
    }

    /** An attempt that gets further than all before it restarts the count of failures. */
    private void fetchAllBytes() throws IOException {
        long best = 0;
        int failures = 0;
        while (true) {
            try {
                request();
                return;
            } catch (TransientFailure e) {
                long now = have();
                failures = now > best ? 1 : failures + 1;
                best = Math.max(best, now);
                retries.waitAfter(failures, e.at(file.name()));
            }
        }
    }

    private long have() throws IOException {
        return Files.exists(unfinished) ? Files.size(unfinished) : 0;
    }

    private void request() throws IOException, TransientFailure {
        long have = have();
        if (have >= size && Files.exists(unfinished)) {
            return;
        }
        try (HubHttp.Reply reply = client.download(file, commit, have)) {
            if (reply.status() == 416 || (reply.status() == 206 && start(reply) != have)) {
                Files.deleteIfExists(unfinished);
                throw new TransientFailure(
                        "the server cannot resume where the download stopped", null);
            }
            // A server without range support sends everything, with status 200.
            write(reply.body(), reply.status() == 206 ? have : 0);
        }
    }

    private static long start(HubHttp.Reply reply) {
        String range = reply.headers().firstValue("Content-Range").orElse("");
        String start = range.replaceFirst("^bytes ([0-9]{1,18})-.*", "$1");
        return start.equals(range) ? -1 : Long.parseLong(start);
    }

    private void write(BodyReader body, long from) throws IOException, TransientFailure {
        byte[] buffer = new byte[1 << 16];
        try (FileChannel out =
                FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(from);
            out.position(from);
            // One byte too many is enough to know that the file is wrong.
            while (out.position() <= size) {
                int n = body.read(buffer);
                if (n < 0) {
                    break;
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                listener.advances(Math.min(out.position(), size));
            }
            if (out.position() < size) {
                throw new TransientFailure("the response ended too early", null);
            }
        }
    }

    private void finish() throws IOException {
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(unfinished, blob, StandardCopyOption.ATOMIC_MOVE);
    }
}
