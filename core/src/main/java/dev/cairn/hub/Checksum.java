package dev.cairn.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What the bytes of a file must hash to. The hub's ETag is such a hash, and the file's name among
 * the cache's blobs.
 *
 * @param hex of 64 digits the SHA-256 of a large (LFS) file; of 40 digits git's name of the file
 */
record Checksum(String hex) {
    private static final int SHA256_DIGITS = 64;

    /**
     * Reads a hash, or an ETag that is one: {@code "..."} or {@code W/"..."}. Empty when it is
     * something else.
     */
    static Optional<Checksum> parse(String etag) {
        String hex =
                etag.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        return hex.matches("[0-9a-f]{40}|[0-9a-f]{64}")
                ? Optional.of(new Checksum(hex))
                : Optional.empty();
    }

    /** Whether a file has the bytes it should have. Reads it once. */
    boolean matches(Path file) throws IOException {
        MessageDigest digest = digest(hex.length() == SHA256_DIGITS ? "SHA-256" : "SHA-1");
        if (hex.length() != SHA256_DIGITS) {
            // What git hashes: the kind and the length of an object, then its bytes.
            String header = "blob " + Files.size(file) + "\0";
            digest.update(header.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
