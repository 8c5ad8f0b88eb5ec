package dev.cairn.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The UTF-8 bytes of single tokens. A tokenizer spells them in one of two ways: every byte as a
 * character ({@link ByteAlphabet}), or as text with U+2581 for a space and {@code <0xE2>} for a
 * single byte. Added tokens are spelled literally.
 */
final class TokenBytes {
    private static final byte[] NONE = {};
    private static final char SPACE = '\u2581';
    private static final Pattern LONE_BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    private final Map<Integer, String> spellings = new HashMap<>();
    private final Set<Integer> added;
    private final boolean isByteLevel;

    TokenBytes(TokenizerFile.Spelling spelling, Map<String, Integer> ids) {
        ids.forEach((text, id) -> spellings.put(id, text));
        this.added = spelling.added();
        this.isByteLevel = spelling.isByteLevel();
    }

    /** The bytes of a token id; empty for an unknown id. */
    byte[] of(int id) {
        String spelling = spellings.get(id);
        if (spelling == null) {
            return NONE;
        }
        if (added.contains(id)) {
            return spelling.getBytes(StandardCharsets.UTF_8);
        }
        return isByteLevel ? ByteAlphabet.read(spelling) : pieceBytes(spelling);
    }

    private static byte[] pieceBytes(String spelling) {
        Matcher lone = LONE_BYTE.matcher(spelling);
        return lone.matches()
                ? new byte[] {(byte) Integer.parseInt(lone.group(1), 16)}
                : spelling.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }
}
