package dev.cairn.format;

import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes safetensors files: the same tensors always give the same bytes. */
public final class SafetensorsWriter {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The reference library's order: widest numbers first (which aligns them all), then by name.
     */
    private static final Comparator<SafetensorsTensor> FILE_ORDER =
            Comparator.comparing(SafetensorsTensor::dtype, Comparator.reverseOrder())
                    .thenComparing(SafetensorsTensor::name);

    private SafetensorsWriter() {}

    /**
     * Writes a file whole or not at all, streaming the tensors one after the other.
     *
     * @param metadata goes into {@code __metadata__}, sorted; may be empty
     * @param tensors in any order; written in the reference library's order
     * @throws dev.cairn.CairnException naming the file when it cannot be written
     */
    public static void write(
            Path file, Map<String, String> metadata, List<SafetensorsTensor> tensors) {
        List<SafetensorsTensor> sorted = tensors.stream().sorted(FILE_ORDER).toList();
        byte[] header = header(metadata, sorted);
        AtomicFiles.write(
                file,
                out -> {
                    out.write(header);
                    for (SafetensorsTensor tensor : sorted) {
                        writeData(out, tensor);
                    }
                });
    }

    private static byte[] header(Map<String, String> metadata, List<SafetensorsTensor> sorted) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (SafetensorsTensor tensor : sorted) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            long end = Math.addExact(offset, tensor.byteSize());
            header.put(tensor.name(), describe(tensor, offset, end));
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = Math.ceilDiv(json.length, 8) * 8;
        byte[] bytes = new byte[SafetensorsHeader.LENGTH_BYTES + padded];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
        return bytes;
    }

    private static Map<String, Object> describe(SafetensorsTensor tensor, long begin, long end) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", tensor.dtype().name());
        entry.put("shape", tensor.shape());
        entry.put("data_offsets", new long[] {begin, end});
        return entry;
    }

    private static void writeData(OutputStream out, SafetensorsTensor tensor) throws IOException {
        long size = tensor.byteSize();
        byte[] chunk = new byte[(int) Math.min(size, CHUNK_BYTES)];
        for (long offset = 0; offset < size; offset += chunk.length) {
            int length = (int) Math.min(chunk.length, size - offset);
            ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, length).order(ByteOrder.LITTLE_ENDIAN);
            tensor.source().fill(buffer, offset);
            out.write(chunk, 0, length);
        }
    }
}
