package dev.cairn.format;

import dev.cairn.CairnException;
import dev.cairn.tensor.BFloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * The tensors of a model on disk, memory-mapped: opening costs no copy, and pages are read when
 * they are touched. Safe for use by several threads. Format: huggingface/safetensors, README,
 * "Format".
 */
public final class Safetensors implements AutoCloseable {
    private static final String SINGLE_FILE = "model.safetensors";

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /**
     * One tensor.
     *
     * @param shape sizes, outermost first; empty for a scalar
     * @param data the numbers, row-major and little-endian, aligned for their dtype; valid until
     *     the {@code Safetensors} they came from is closed
     * @param file the file that holds them
     */
    @SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
    public record Entry(String name, DType dtype, long[] shape, MemorySegment data, Path file)
            implements Rows {
        /** The number of elements. */
        public long size() {
            return SafetensorsHeader.elements(shape);
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

        /**
         * Reads one row as floats; the dtype must be F32, F16 or BF16.
         *
         * @throws CairnException naming the file, the tensor and its dtype if it is another
         */
        @Override
        public void read(long row, float[] into) {
            long at = Math.multiplyExact(row, dtype.byteSize(into.length));
            switch (dtype) {
                case F32 -> MemorySegment.copy(data, LittleEndian.FLOAT, at, into, 0, into.length);
                case F16 -> widen(Float::float16ToFloat, at, into);
                case BF16 -> widen(BFloat16::toFloat, at, into);
                default -> throw noFloats();
            }
        }

        /**
         * A copy as floats; the dtype must be F32, F16 or BF16.
         *
         * @throws CairnException naming the file, the tensor and its dtype if it is another
         */
        public float[] toFloats() {
            return switch (dtype) {
                case F32 -> data.toArray(LittleEndian.FLOAT);
                case F16 -> widen(Float::float16ToFloat, 0, new float[Math.toIntExact(size())]);
                case BF16 -> widen(BFloat16::toFloat, 0, new float[Math.toIntExact(size())]);
                default -> throw noFloats();
            };
        }

        /**
         * A copy as doubles; the dtype must be F64.
         *
         * @throws CairnException naming the file, the tensor and its dtype if it is another
         */
        public double[] toDoubles() {
            if (dtype != DType.F64) {
                throw error("expected dtype F64, found " + dtype);
            }
            return data.toArray(LittleEndian.DOUBLE);
        }

        /**
         * A copy as longs; the dtype must be I64.
         *
         * @throws CairnException naming the file, the tensor and its dtype if it is another
         */
        public long[] toLongs() {
            if (dtype != DType.I64) {
                throw error("expected dtype I64, found " + dtype);
            }
            return data.toArray(LittleEndian.LONG);
        }

        private interface ShortToFloat {
            float apply(short bits);
        }

        private float[] widen(ShortToFloat conversion, long at, float[] floats) {
            for (int i = 0; i < floats.length; i++) {
                floats[i] = conversion.apply(data.get(LittleEndian.SHORT, at + 2L * i));
            }
            return floats;
        }

        private CairnException noFloats() {
            return error("expected dtype F32, F16 or BF16, found " + dtype);
        }

        private CairnException error(String message) {
            return new CairnException(
                    file + ": tensor " + SafetensorsHeader.quote(name) + ": " + message);
        }
    }

    private Safetensors(Path path) {
        this.path = path;
    }

    /**
     * Opens one file, or a Hugging Face model directory with {@code model.safetensors} or, for a
     * sharded model, {@code model.safetensors.index.json}. Everything the headers claim is checked
     * against the files.
     *
     * @throws CairnException naming the file and the tensor when something is missing or
     *     inconsistent
     */
    public static Safetensors open(Path fileOrDirectory) {
        Safetensors tensors = new Safetensors(fileOrDirectory);
        MappedFile.readOrUnmap(tensors::openAll, tensors.arena::close);
        return tensors;
    }

    /** The tensors' names, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** The {@code __metadata__} of the file, or of all shards together. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /**
     * The tensor with this name.
     *
     * @throws CairnException naming the file and the tensor when there is none
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new CairnException(path + ": no tensor " + SafetensorsHeader.quote(name));
        }
        if (entry.data().address() % entry.dtype().alignment() == 0) {
            return entry;
        }
        Entry aligned = copyAligned(entry);
        entries.put(name, aligned);
        return aligned;
    }

    /**
     * Gives a tensor another name than its file does.
     *
     * @throws CairnException naming the file and the tensor when there is none of the old name
     */
    public void rename(String from, String to) {
        Entry entry = entry(from);
        entries.remove(from);
        entries.put(to, new Entry(to, entry.dtype(), entry.shape(), entry.data(), entry.file()));
    }

    /** Unmaps the files; data handed out earlier can no longer be read. */
    @Override
    public void close() {
        arena.close();
    }

    private void openAll() {
        if (!Files.isDirectory(path)) {
            openFile(path, name -> true);
        } else if (Files.exists(path.resolve(SINGLE_FILE))) {
            openFile(path.resolve(SINGLE_FILE), name -> true);
        } else if (Files.exists(path.resolve(SafetensorsIndex.FILE_NAME))) {
            openShards(SafetensorsIndex.read(path.resolve(SafetensorsIndex.FILE_NAME)));
        } else {
            throw new CairnException(
                    "%s: holds neither %s nor %s; is it a Hugging Face model directory?"
                            .formatted(path, SINGLE_FILE, SafetensorsIndex.FILE_NAME));
        }
    }

    /**
     * Opens what the index names, where it names it: a shard may hold further tensors, such as a
     * stale copy of one that has moved to another shard (docs/decisions/0018-shard-index.md).
     */
    private void openShards(SafetensorsIndex index) {
        Map<String, Path> shards = index.shardOfTensor();
        for (Path shard : new TreeSet<>(shards.values())) {
            openFile(shard, name -> shard.equals(shards.get(name)));
        }
        shards.forEach((tensor, shard) -> {
            if (!entries.containsKey(tensor)) {
                throw new CairnException(
                        "%s: weight_map: %s is not in %s"
                                .formatted(
                                        index.file(),
                                        SafetensorsHeader.quote(tensor),
                                        shard.getFileName()));
            }
        });
    }

    /**
     * @param reads which of the file's tensors, by name
     */
    private void openFile(Path file, Predicate<String> reads) {
        MemorySegment mapped = MappedFile.map(file, arena);
        SafetensorsHeader header = SafetensorsHeader.read(file, mapped);
        header.metadata().forEach(metadata::putIfAbsent);
        for (SafetensorsHeader.Slot slot : header.slots()) {
            if (reads.test(slot.name())) {
                MemorySegment data =
                        mapped.asSlice(
                                header.dataStart() + slot.begin(), slot.end() - slot.begin());
                entries.put(
                        slot.name(),
                        new Entry(slot.name(), slot.dtype(), slot.shape(), data, file));
            }
        }
    }

    /**
     * Copies unaligned data: early writers did not pad the header, so numbers may start anywhere.
     */
    private Entry copyAligned(Entry entry) {
        MemorySegment copy = arena.allocate(entry.data().byteSize(), Long.BYTES);
        copy.copyFrom(entry.data());
        return new Entry(
                entry.name(), entry.dtype(), entry.shape(), copy.asReadOnly(), entry.file());
    }
}
