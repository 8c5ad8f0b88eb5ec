package dev.cairn.format;

import dev.cairn.CairnException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Reads a GGUF header from front to back and never past its end. */
final class GgufCursor {
    private static final char REPLACEMENT = '\uFFFD';

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    /**
     * @param file named in errors
     */
    GgufCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int int32(String what) {
        return bytes.get(LittleEndian.INT, take(Integer.BYTES, what));
    }

    /** A count, a size or an offset: an unsigned 64-bit number, rejected above 2⁶³ − 1. */
    long natural(String what) {
        long value = bytes.get(LittleEndian.LONG, take(Long.BYTES, what));
        if (value < 0) {
            throw error(what + ": impossible number " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** A count of items that take at least {@code minBytes} bytes each. */
    long count(String what, int minBytes) {
        long count = natural(what);
        if (count > remaining() / minBytes) {
            throw error(
                    "%s: claims %d items of at least %d bytes each, but only %d bytes follow; the file is truncated or damaged"
                            .formatted(what, count, minBytes, remaining()));
        }
        return count;
    }

    /** Reads a length and a text of that length; returns the text's bytes. */
    MemorySegment text(String what) {
        long length = count(what, 1);
        return slice(length, what);
    }

    /** The next {@code length} bytes. */
    MemorySegment slice(long length, String what) {
        return bytes.asSlice(take(length, what), length);
    }

    /** All bytes that follow; the position does not move. */
    MemorySegment rest() {
        return bytes.asSlice(position);
    }

    private long take(long length, String what) {
        if (length > remaining()) {
            throw error(
                    "%s: needs %d bytes but only %d follow; the file is truncated or damaged"
                            .formatted(what, length, remaining()));
        }
        long at = position;
        position += length;
        return at;
    }

    /**
     * Decodes bytes, which must be UTF-8.
     *
     * @param what names the text in errors
     */
    String decode(MemorySegment text, Supplier<String> what) {
        String decoded = new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        // The quick way puts this character where bytes are wrong; it may also be in the text.
        return decoded.indexOf(REPLACEMENT) < 0 ? decoded : decodeStrictly(text, what);
    }

    private String decodeStrictly(MemorySegment text, Supplier<String> what) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": " + what.get() + ": not UTF-8 text", e);
        }
    }

    CairnException error(String message) {
        return new CairnException(file + ": " + message);
    }
}
