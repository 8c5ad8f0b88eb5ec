package dev.cairn.hub;

import dev.cairn.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The hash that a file's bytes must have. The hub sends it as the ETag, and the cache names the
 * blob after it.
 *
 * @param hex 64 digits: the SHA-256 of a large (LFS) file; 40 digits: git's blob id of the file
 */
record Checksum(String hex) {
    private static final int SHA256_DIGITS = 64;

    /**
     * Parses a hash, or an ETag that holds one: {@code "..."} or {@code W/"..."}. Empty for
     * anything else.
     */
    static Optional<Checksum> parse(String etag) {
        String hex =
                etag.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        return hex.matches("[0-9a-f]{40}|[0-9a-f]{64}")
                ? Optional.of(new Checksum(hex))
                : Optional.empty();
    }

    /** Whether a file has this hash. Reads the file once. */
    boolean matches(Path file) throws IOException {
        if (hex.length() != SHA256_DIGITS) {
            return gitName(file).equals(hex);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.of(in).hex().equals(hex);
        }
    }

    /** SHA-1 over git's object header (type and length), then the file's bytes. */
    private static String gitName(Path file) throws IOException {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha1)) {
                Files.copy(file, out);
            }
            return HexFormat.of().formatHex(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
