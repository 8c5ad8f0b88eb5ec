package dev.cairn.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * GPT-2's alphabet for writing any bytes as visible characters: printable Latin-1 bytes are written
 * as themselves, the other 68 as U+0100 and up, in order. A space becomes U+0120 (G with a dot
 * above).
 */
final class ByteAlphabet {
    static final int SIZE = 256;
    private static final char[] CHARS = chars();
    private static final Map<Character, Integer> BYTES =
            IntStream.range(0, SIZE).boxed().collect(Collectors.toMap(b -> CHARS[b], b -> b));

    private ByteAlphabet() {}

    private static char[] chars() {
        char[] chars = new char[SIZE];
        int next = SIZE;
        for (int b = 0; b < SIZE; b++) {
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            chars[b] = (char) (visible ? b : next++);
        }
        return chars;
    }

    /** The character that stands for a byte, 0 to 255. */
    static char spell(int unsignedByte) {
        return CHARS[unsignedByte];
    }

    /**
     * The bytes that a token's spelling stands for. A spelling with any other character than these
     * 256 stands for itself as a whole, as in Hugging Face's decoder.
     */
    static byte[] read(String spelling) {
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
            Integer one = BYTES.get(spelling.charAt(i));
            if (one == null) {
                return spelling.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = one.byteValue();
        }
        return bytes;
    }

    /** The UTF-8 bytes of a text, spelled. */
    static String spell(String text) {
        StringBuilder spelled = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            spelled.append(CHARS[b & 0xFF]);
        }
        return spelled.toString();
    }

    /**
     * All bytes, ordered by the character that spells them, which is their usual order in
     * vocabularies.
     */
    static List<Integer> bytesBySpelling() {
        List<Integer> bytes = new ArrayList<>();
        for (int b = 0; b < SIZE; b++) {
            bytes.add(b);
        }
        bytes.sort(Comparator.comparingInt(b -> CHARS[b]));
        return bytes;
    }
}
