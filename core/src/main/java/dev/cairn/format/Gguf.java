package dev.cairn.format;

import dev.cairn.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model in GGUF, memory-mapped: metadata by key, tensors by name. The model may be in several
 * parts (see {@link GgufParts}). Safe for use by several threads. Versions 2 and 3, little-endian;
 * format: ggml-org/ggml, {@code docs/gguf.md}.
 */
public final class Gguf implements AutoCloseable {
    private static final int MAGIC_BYTES = 4;

    private final GgufParts parts;
    private final Path file;
    private final Arena metadata = Arena.ofShared();
    private final Arena tensors = Arena.ofShared();
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

        /**
         * Returns this tensor if {@link #read} supports its format.
         *
         * @throws CairnException naming the file, the tensor and its format if it does not
         */
        public Entry requireReadable() {
            if (!GgmlBlocks.canDecode(type)) {
                throw error(
                        "type %s cannot be read; choose a file of the same model in another format, such as Q4_K_M or Q8_0"
                                .formatted(type));
            }
            return this;
        }

        /**
         * @throws CairnException when the tensor is in a format that Cairn cannot read
         */
        @Override
        public void read(long row, float[] into) {
            requireReadable();
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
        this.parts = GgufParts.named(file);
        this.file = parts.first();
    }

    /**
     * Opens a model and checks everything its headers claim against the files.
     *
     * @param file the file, or any of a model's parts
     * @throws CairnException naming the file and the key or tensor when a header is damaged or does
     *     not match the file, or when the parts do not belong together
     */
    public static Gguf open(Path file) {
        Gguf gguf = new Gguf(file);
        MappedFile.readOrUnmap(gguf::read, gguf::close);
        return gguf;
    }

    /**
     * Opens only the metadata, which is in the first part, and maps nothing else.
     *
     * @param file the file, or any of a model's parts
     * @throws CairnException as {@link #open}
     */
    public static Gguf openMetadata(Path file) {
        Gguf gguf = new Gguf(file);
        MappedFile.readOrUnmap(
                () -> gguf.fields.putAll(gguf.header(gguf.file).fields()), gguf::close);
        return gguf;
    }

    private GgufHeader header(Path part) {
        MemorySegment head = MappedFile.map(part, 0, GgufHeader.MAX_BYTES, metadata);
        return GgufHeader.read(part, head, MappedFile.size(part));
    }

    /**
     * Whether a path is a GGUF file: one whose name ends in {@code .gguf} or that begins as such
     * files do, whatever its name.
     */
    public static boolean isGguf(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        if (path.toString().endsWith(".gguf")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(
                    in.readNBytes(MAGIC_BYTES), "GGUF".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * All files of the model that a file belongs to, in order.
     *
     * @throws CairnException when the header is damaged
     */
    public static List<Path> files(Path file) {
        try (Gguf gguf = openMetadata(file)) {
            return gguf.parts.files(gguf.fields);
        }
    }

    private void read() {
        List<Path> files = List.of(file);
        for (int i = 0; i < files.size(); i++) {
            Path part = files.get(i);
            GgufHeader header = header(part);
            if (i == 0) {
                fields.putAll(header.fields());
                files = parts.files(fields);
            }
            parts.check(i, part, header, fields);
            add(part, header);
        }
        parts.checkCount(entries.size(), fields);
    }

    private void add(Path part, GgufHeader header) {
        MemorySegment mapped = MappedFile.map(part, header.dataStart(), Long.MAX_VALUE, tensors);
        for (GgufHeader.Slot slot : header.slots()) {
            MemorySegment data = mapped.asSlice(slot.begin(), slot.byteSize());
            Entry entry = new Entry(slot.name(), slot.type(), slot.shape(), data, part);
            Entry other = entries.putIfAbsent(slot.name(), entry);
            if (other != null) {
                throw entry.error("is also in " + other.file() + "; " + GgufParts.STRANGERS);
            }
        }
    }

    /** The file with the metadata: the first part of several. */
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

    /** One of a list of texts; the rest is not decoded. */
    public String text(String key, int index) {
        return field(key).text(index);
    }

    /** Where in a list some texts are, without decoding it; those not there are left out. */
    public Map<String, Integer> indices(String key, Set<String> texts) {
        return field(key).indices(texts);
    }

    /** Whether the value under a key is a list. */
    public boolean isList(String key) {
        return field(key).isArray();
    }

    /** How many elements a list has. */
    public long size(String key) {
        return field(key).count();
    }

    public List<String> texts(String key) {
        return field(key).texts();
    }

    public int[] ints(String key) {
        return field(key).ints();
    }

    public List<Boolean> flags(String key) {
        return field(key).flags();
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
            throw new CairnException(
                    "%s: no key %s; it does not hold a complete model, fetch it again or convert it anew"
                            .formatted(file, SafetensorsHeader.quote(key)));
        }
        return field;
    }

    /**
     * Unmaps the metadata, which are of no use once the model is known: a large vocabulary takes 10
     * MB. The tensors stay.
     */
    public void closeMetadata() {
        fields.clear();
        metadata.close();
    }

    /** Unmaps the file; data handed out earlier can no longer be read. */
    @Override
    public void close() {
        if (metadata.scope().isAlive()) {
            closeMetadata();
        }
        tensors.close();
    }
}
