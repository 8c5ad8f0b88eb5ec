package dev.cairn.format;

import dev.cairn.CairnException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Walks through the bytes of a GGUF header; nothing is read that is not there. */
final class GgufCursor {

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

    /** A count, a size or an offset: 64 bits without a sign, refused above 2⁶³ − 1. */
    long natural(String what) {
        long value = bytes.get(LittleEndian.LONG, take(Long.BYTES, what));
        if (value < 0) {
            throw error(what + ": impossible number " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** A count of things of which each takes at least so many bytes. */
    long count(String what, int minBytes) {
        long count = natural(what);
        if (count > remaining() / minBytes) {
            throw error(
                    "%s: claims %d of at least %d bytes each, but only %d bytes follow"
                            .formatted(what, count, minBytes, remaining()));
        }
        return count;
    }

    /** A text's length and bytes, without the length. */
    MemorySegment text(String what) {
        long length = count(what, 1);
        return slice(length, what);
    }

    /** The next bytes as they are. */
    MemorySegment slice(long length, String what) {
        return bytes.asSlice(take(length, what), length);
    }

    /** Everything that follows, without moving on. */
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

    /** Bytes as text, which must be UTF-8. */
    String decode(MemorySegment text, String what) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": " + what + ": not UTF-8 text", e);
        }
    }

    CairnException error(String message) {
        return new CairnException(file + ": " + message);
    }
}
