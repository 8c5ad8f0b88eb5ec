package dev.cairn.format;

import dev.cairn.CairnException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of one GGUF file, fully checked: every tensor lies inside the file, has the size its
 * shape implies and overlaps no other. Format: ggml-org/ggml, {@code docs/gguf.md}.
 */
final class GgufHeader {
    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    static final String ALIGNMENT = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;

    /** The largest vocabularies take about 15 MB. */
    static final long MAX_BYTES = 100_000_000;

    private static final int MAX_ENTRIES = 1 << 16;
    private static final int MAX_NAME = 1 << 16;
    private static final int MAX_RANK = 4;

    /** A key's length, its type and one byte; a tensor's name length, rank, type and offset. */
    private static final int MIN_FIELD_BYTES = 8 + 4 + 1;

    private static final int MIN_TENSOR_BYTES = 8 + 4 + 4 + 8;

    /**
     * The location of one tensor.
     *
     * @param shape sizes, outermost first
     * @param begin first byte, counted from the start of the data
     */
    @SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
    record Slot(String name, GgmlType type, long[] shape, long begin, long byteSize) {}

    private final GgufCursor cursor;
    private final Path file;
    private final Map<String, GgufField> fields = new LinkedHashMap<>();
    private final List<Slot> slots = new ArrayList<>();
    private long dataStart;

    private GgufHeader(Path file, GgufCursor cursor) {
        this.file = file;
        this.cursor = cursor;
    }

    /**
     * Reads and checks a header.
     *
     * @param mapped the file, or at least its first {@link #MAX_BYTES}
     * @param fileBytes size of the whole file
     */
    static GgufHeader read(Path file, MemorySegment mapped, long fileBytes) {
        long limit = Math.min(mapped.byteSize(), MAX_BYTES);
        GgufHeader header = new GgufHeader(file, new GgufCursor(file, mapped.asSlice(0, limit)));
        header.parse();
        header.checkLayout(fileBytes);
        return header;
    }

    Map<String, GgufField> fields() {
        return fields;
    }

    List<Slot> slots() {
        return slots;
    }

    /** Where the data begins in the file, in bytes. */
    long dataStart() {
        return dataStart;
    }

    /** Whether the data would begin at the same place if the file were aligned otherwise. */
    boolean beginsAlike(long otherAlignment) {
        return aligned(otherAlignment) == dataStart;
    }

    private void parse() {
        if (cursor.remaining() < Integer.BYTES || cursor.int32("magic") != MAGIC) {
            throw cursor.error(
                    "not a GGUF file: it does not begin with GGUF; check the path, or fetch it again");
        }
        checkVersion(cursor.int32("version"));
        long tensors = count("tensor count", MIN_TENSOR_BYTES);
        long keys = count("key count", MIN_FIELD_BYTES);
        for (long i = 0; i < keys; i++) {
            readField(i);
        }
        Set<String> names = new HashSet<>();
        for (long i = 0; i < tensors; i++) {
            Slot slot = readSlot(i);
            if (!names.add(slot.name())) {
                throw cursor.error(where(slot.name()) + ": appears twice");
            }
            slots.add(slot);
        }
    }

    private void checkVersion(int version) {
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
            throw cursor.error(
                    "is a big-endian GGUF file, which Cairn cannot read; convert it to little-endian");
        }
        if (version != 2 && version != 3) {
            throw cursor.error(
                    "GGUF version %s, expected 2 or 3; convert the model again"
                            .formatted(Integer.toUnsignedString(version)));
        }
    }

    private long count(String what, int minBytes) {
        long count = cursor.count(what, minBytes);
        if (count > MAX_ENTRIES) {
            throw cursor.error("%s: %d, the limit is %d".formatted(what, count, MAX_ENTRIES));
        }
        return count;
    }

    private String name(String what) {
        MemorySegment bytes = cursor.text(what);
        if (bytes.byteSize() == 0 || bytes.byteSize() > MAX_NAME) {
            throw cursor.error(
                    "%s: a name of %d bytes, expected 1 to %d"
                            .formatted(what, bytes.byteSize(), MAX_NAME));
        }
        return cursor.decode(bytes, () -> what);
    }

    private void readField(long index) {
        String key = name("key " + index);
        if (fields.put(key, GgufField.read(file, key, cursor)) != null) {
            throw cursor.error("key " + SafetensorsHeader.quote(key) + ": appears twice");
        }
    }

    private Slot readSlot(long index) {
        String name = name("tensor " + index);
        String where = where(name);
        int rank = cursor.int32(where);
        if (rank < 0 || rank > MAX_RANK) {
            throw cursor.error(
                    "%s: %s dimensions, expected at most %d"
                            .formatted(where, Integer.toUnsignedString(rank), MAX_RANK));
        }
        long[] shape = new long[rank];
        for (int i = rank - 1; i >= 0; i--) {
            shape[i] = cursor.natural(where + " shape");
            if (shape[i] == 0) {
                throw cursor.error(where + ": a dimension of size 0");
            }
        }
        int id = cursor.int32(where);
        GgmlType type =
                GgmlType.of(id)
                        .orElseThrow(() ->
                                cursor.error(
                                        "%s: unknown tensor type %s; choose a file of the same model in another format, such as Q4_K_M or Q8_0"
                                                .formatted(where, Integer.toUnsignedString(id))));
        long begin = cursor.natural(where + " offset");
        return new Slot(name, type, shape, begin, byteSize(where, type, shape));
    }

    private long byteSize(String where, GgmlType type, long[] shape) {
        try {
            return byteSize(type, shape);
        } catch (ArithmeticException e) {
            throw new CairnException(
                    "%s: %s: %s %s has no valid size: %s"
                            .formatted(file, where, type, Arrays.toString(shape), e.getMessage()),
                    e);
        }
    }

    /**
     * Size of a tensor in bytes.
     *
     * @throws ArithmeticException if its rows are not whole blocks or the size overflows
     */
    static long byteSize(GgmlType type, long[] shape) {
        long columns = shape.length == 0 ? 1 : shape[shape.length - 1];
        long numbers = SafetensorsHeader.elements(shape);
        return SafetensorsHeader.times(type.rowBytes(columns), numbers / columns);
    }

    private void checkLayout(long fileBytes) {
        long alignment = alignment();
        dataStart = aligned(alignment);
        long dataBytes = Math.max(0, fileBytes - dataStart);
        @Nullable Slot before = null;
        for (Slot slot : slots.stream().sorted(Comparator.comparingLong(Slot::begin)).toList()) {
            String where = where(slot.name());
            if (slot.begin() % alignment != 0) {
                throw cursor.error(
                        "%s: offset %d is not a multiple of the alignment %d"
                                .formatted(where, slot.begin(), alignment));
            }
            if (slot.begin() > dataBytes || slot.byteSize() > dataBytes - slot.begin()) {
                throw cursor.error(
                        "%s: %d bytes at %d, but the file holds %d bytes of data; it is truncated or damaged"
                                .formatted(where, slot.byteSize(), slot.begin(), dataBytes));
            }
            if (before != null && before.begin() + before.byteSize() > slot.begin()) {
                throw cursor.error(where + ": overlaps " + where(before.name()));
            }
            before = slot;
        }
    }

    private long aligned(long alignment) {
        return Math.ceilDiv(cursor.position(), alignment) * alignment;
    }

    private long alignment() {
        GgufField field = fields.get(ALIGNMENT);
        long alignment = field == null ? DEFAULT_ALIGNMENT : field.wholeNumber();
        if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
            throw cursor.error(
                    "key '%s': expected a power of two, found %d".formatted(ALIGNMENT, alignment));
        }
        return alignment;
    }

    private static String where(String tensor) {
        return "tensor " + SafetensorsHeader.quote(tensor);
    }
}
