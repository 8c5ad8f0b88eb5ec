package dev.cairn.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A hash of several texts, which serves as a name for them or as a pseudo-random number. */
public record TextDigest(Sha256 sha256) {
    private static final int MANTISSA_BITS = 53;

    /** The digest of texts in order; the boundaries between them count too. */
    public static TextDigest of(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
            all.writeBytes(utf8);
        }
        return new TextDigest(Sha256.of(all.toByteArray()));
    }

    public String hex() {
        return sha256.hex();
    }

    /** A number in [0, 1), uniformly distributed over all texts. */
    public double uniform() {
        long bits = ByteBuffer.wrap(sha256.bytes()).getLong() >>> (Long.SIZE - MANTISSA_BITS);
        return bits * 0x1p-53;
    }
}
