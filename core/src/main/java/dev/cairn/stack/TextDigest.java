package dev.cairn.stack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over some texts: a name for them, or a number drawn by them. */
final class TextDigest {
    private static final int MANTISSA_BITS = 53;

    private final byte[] bytes;

    private TextDigest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of texts in order; where one ends and the next begins counts too. */
    static TextDigest of(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
                digest.update(utf8);
            }
            return new TextDigest(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** A number in [0, 1), evenly spread over all texts there are. */
    double uniform() {
        long bits = ByteBuffer.wrap(bytes).getLong() >>> (Long.SIZE - MANTISSA_BITS);
        return bits * 0x1p-53;
    }
}
