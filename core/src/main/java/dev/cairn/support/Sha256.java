package dev.cairn.support;

import dev.cairn.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A SHA-256 hash. {@link #equals} runs in constant time. */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The hash of a text in UTF-8. */
    public static Sha256 of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Sha256 of(byte[] bytes) {
        return new Sha256(digest().digest(bytes));
    }

    /** The hash of the rest of a stream; the caller closes it. */
    public static Sha256 of(InputStream in) throws IOException {
        MessageDigest digest = digest();
        update(digest, in);
        return new Sha256(digest.digest());
    }

    /**
     * The hash of the concatenated bytes of several files.
     *
     * @throws CairnException if a file cannot be read; names it
     */
    public static Sha256 ofFiles(List<Path> files) {
        MessageDigest digest = digest();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                update(digest, in);
            } catch (IOException e) {
                throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
            }
        }
        return new Sha256(digest.digest());
    }

    private static void update(MessageDigest digest, InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The hash as 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The hash as 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sha256 that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
