package dev.cairn.text.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The UTF-8 bytes of single tokens. A tokenizer spells them in one of two ways: every byte as a
 * character ({@link ByteAlphabet}), or as text with U+2581 for a space and {@code <0xE2>} for a
 * single byte. Added tokens are spelled literally.
 *
 * <p>The spellings stay in memory as long as the model, so they are kept as bytes: a map of 262,144
 * strings takes ten times as much.
 */
final class TokenBytes {
    private static final byte[] NONE = {};
    private static final char SPACE = '\u2581';
    private static final Pattern LONE_BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    /** All spellings in UTF-8, in the order of the ids. */
    private final byte[] spellings;

    /** Where the spelling of an id ends; an id without a token has an empty one. */
    private final int[] ends;

    private final Set<Integer> added;
    private final boolean isByteLevel;

    TokenBytes(TokenizerFile file) {
        this.added = file.spelling().added();
        this.isByteLevel = file.spelling().isByteLevel();
        this.ends = new int[file.vocabSize()];
        this.spellings = joined(file.ids(), ends);
    }

    private static byte[] joined(Map<String, Integer> ids, int[] ends) {
        String[] byId = new String[ends.length];
        ids.forEach((text, id) -> byId[id] = text);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int id = 0; id < ends.length; id++) {
            if (byId[id] != null) {
                joined.writeBytes(byId[id].getBytes(StandardCharsets.UTF_8));
            }
            ends[id] = joined.size();
        }
        return joined.toByteArray();
    }

    /** The id of a token by its exact spelling. */
    OptionalInt idOf(String spelling) {
        byte[] wanted = spelling.getBytes(StandardCharsets.UTF_8);
        for (int id = 0; id < ends.length && wanted.length > 0; id++) {
            if (Arrays.equals(spellings, begin(id), ends[id], wanted, 0, wanted.length)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    private int begin(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    /** The bytes of a token id; empty for an unknown id. */
    byte[] of(int id) {
        if (id < 0 || id >= ends.length) {
            return NONE;
        }
        byte[] stored = Arrays.copyOfRange(spellings, begin(id), ends[id]);
        if (added.contains(id)) {
            return stored;
        }
        String spelling = new String(stored, StandardCharsets.UTF_8);
        return isByteLevel ? ByteAlphabet.read(spelling) : pieceBytes(spelling);
    }

    private static byte[] pieceBytes(String spelling) {
        Matcher lone = LONE_BYTE.matcher(spelling);
        return lone.matches()
                ? new byte[] {(byte) Integer.parseInt(lone.group(1), 16)}
                : spelling.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }
}
