package dev.cairn.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A hash of several texts: a name for them, or a number drawn by them. */
public record TextDigest(Sha256 sha256) {
    private static final int MANTISSA_BITS = 53;

    /** Of texts in order; where one ends and the next begins counts too. */
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

    /** A number in [0, 1), evenly spread over all texts there are. */
    public double uniform() {
        long bits = ByteBuffer.wrap(sha256.bytes()).getLong() >>> (Long.SIZE - MANTISSA_BITS);
        return bits * 0x1p-53;
    }
}
