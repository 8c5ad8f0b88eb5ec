package dev.cairn.format;

import dev.cairn.CairnException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model in one GGUF file, memory-mapped: metadata by key, tensors by name. Safe for use by
 * several threads. Versions 2 and 3, little-endian; format: ggml-org/ggml, {@code docs/gguf.md}.
 */
public final class Gguf implements AutoCloseable {
    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, GgufField> fields = new TreeMap<>();

    /**
     * One tensor.
     *
     * @param shape sizes, outermost first
     * @param data its bytes as they are in the file; valid until the {@code Gguf} they came from is
     *     closed
     */
    @SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
    public record Entry(String name, GgmlType type, long[] shape, MemorySegment data, Path file)
            implements Rows {
        /** Size of the last dimension. */
        public int columns() {
            return shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
        }

        /** Whether {@link #read} supports the format. */
        public boolean isReadable() {
            return GgmlBlocks.canDecode(type);
        }

        /**
         * @throws CairnException when the tensor is in a format that Cairn cannot read
         */
        @Override
        public void read(long row, float[] into) {
            if (!isReadable()) {
                throw error(
                        "type %s cannot be read; choose a file of the same model in another format, such as Q4_K_M or Q8_0"
                                .formatted(type));
            }
            GgmlBlocks.decode(type, data, row * type.rowBytes(columns()), into);
        }

        /** All numbers as floats; meant for small tensors. */
        public float[] toFloats() {
            float[] row = new float[columns()];
            float[] all = new float[Math.toIntExact(SafetensorsHeader.elements(shape))];
            for (int at = 0; at < all.length; at += row.length) {
                read(at / row.length, row);
                System.arraycopy(row, 0, all, at, row.length);
            }
            return all;
        }

        /**
         * Returns this tensor if it has the expected shape.
         *
         * @throws CairnException naming the file, the tensor and both shapes if it does not
         */
        public Entry expectShape(long... expected) {
            SafetensorsHeader.requireShape(expected, shape, this::error);
            return this;
        }

        /** An error about this tensor, for callers that know what it must be. */
        public CairnException error(String problem) {
            return new CairnException(
                    "%s: tensor %s: %s".formatted(file, SafetensorsHeader.quote(name), problem));
        }
    }

    private Gguf(Path file) {
        this.file = file;
    }

    /**
     * Opens a file and checks everything its header claims against it.
     *
     * @throws CairnException naming the file and the key or tensor when the header is damaged or
     *     does not match the file
     */
    public static Gguf open(Path file) {
        Gguf gguf = new Gguf(file);
        MappedFile.readOrUnmap(gguf.arena, gguf::read);
        return gguf;
    }

    private void read() {
        MemorySegment mapped = MappedFile.map(file, arena);
        GgufHeader header = GgufHeader.read(file, mapped);
        fields.putAll(header.fields());
        for (GgufHeader.Slot slot : header.slots()) {
            MemorySegment data = mapped.asSlice(header.dataStart() + slot.begin(), slot.byteSize());
            entries.put(slot.name(), new Entry(slot.name(), slot.type(), slot.shape(), data, file));
        }
    }

    public Path file() {
        return file;
    }

    /** The tensors' names, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * The tensor with this name.
     *
     * @throws CairnException naming the file and the tensor when there is none
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new CairnException(file + ": no tensor " + SafetensorsHeader.quote(name));
        }
        return entry;
    }

    /** The metadata's keys, sorted. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(fields.keySet());
    }

    public boolean has(String key) {
        return fields.containsKey(key);
    }

    /**
     * The text under a key. The getters for other value types work the same way.
     *
     * @throws CairnException naming the file and the key when it is missing or has another type
     */
    public String text(String key) {
        return field(key).text();
    }

    public boolean flag(String key) {
        return field(key).flag();
    }

    /** A number of any numeric type. */
    public double number(String key) {
        return field(key).number();
    }

    /** A whole number from 0 to 2³¹ − 1. */
    public int natural(String key) {
        long value = field(key).wholeNumber();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw error(key, "expected a whole number from 0 to 2147483647, found " + value);
        }
        return (int) value;
    }

    public List<String> texts(String key) {
        return field(key).texts();
    }

    public int[] ints(String key) {
        return field(key).ints();
    }

    public float[] floats(String key) {
        return field(key).floats();
    }

    /** An error about a key, for callers that know what its value must be. */
    public CairnException error(String key, String problem) {
        return new CairnException(
                "%s: key %s: %s"
                        .formatted(
                                file,
                                SafetensorsHeader.quote(key),
                                SafetensorsHeader.quotable(problem)));
    }

    private GgufField field(String key) {
        GgufField field = fields.get(key);
        if (field == null) {
            throw new CairnException(file + ": no key " + SafetensorsHeader.quote(key));
        }
        return field;
    }

    /** Unmaps the file; data handed out earlier can no longer be read. */
    @Override
    public void close() {
        arena.close();
    }
}
