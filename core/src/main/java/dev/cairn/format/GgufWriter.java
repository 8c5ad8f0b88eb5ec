package dev.cairn.format;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes GGUF files, version 3: the same metadata and tensors always give the same bytes. */
public final class GgufWriter {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = GgufHeader.DEFAULT_ALIGNMENT;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    private GgufWriter() {}

    /**
     * Writes a file whole or not at all, streaming the tensors one row after the other.
     *
     * @param metadata in the order of the file
     * @param tensors in the order of the file
     * @throws CairnException naming the file when it cannot be written, or when a tensor holds a
     *     number that its type cannot represent
     */
    public static void write(Path file, Map<String, GgufValue> metadata, List<GgufTensor> tensors) {
        byte[] head = new GgufWriter().head(metadata, tensors);
        AtomicFiles.write(
                file,
                out -> {
                    out.write(head);
                    for (GgufTensor tensor : tensors) {
                        writeData(file, tensor, out);
                    }
                });
    }

    private byte[] head(Map<String, GgufValue> metadata, List<GgufTensor> tensors) {
        int32(GgufHeader.MAGIC);
        int32(VERSION);
        int64(tensors.size());
        int64(metadata.size());
        metadata.forEach((key, value) -> {
            text(key);
            value(value);
        });
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (GgufTensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            describe(tensor, offset);
            offset = aligned(Math.addExact(offset, tensor.byteSize()));
        }
        head.writeBytes(new byte[(int) (aligned(head.size()) - head.size())]);
        return head.toByteArray();
    }

    private void describe(GgufTensor tensor, long offset) {
        text(tensor.name());
        int32(tensor.shape().length);
        for (int i = tensor.shape().length - 1; i >= 0; i--) {
            int64(tensor.shape()[i]);
        }
        int32(tensor.type().id());
        int64(offset);
    }

    private void value(GgufValue value) {
        switch (value) {
            case GgufValue.Uint32(long number) -> {
                type(GgufType.UINT32);
                int32((int) number);
            }
            case GgufValue.Float32(float number) -> {
                type(GgufType.FLOAT32);
                int32(Float.floatToRawIntBits(number));
            }
            case GgufValue.Flag(boolean flag) -> {
                type(GgufType.BOOL);
                head.write(flag ? 1 : 0);
            }
            case GgufValue.Text(String text) -> {
                type(GgufType.STRING);
                text(text);
            }
            case GgufValue.Texts(List<String> texts) -> {
                array(GgufType.STRING, texts.size());
                texts.forEach(this::text);
            }
            case GgufValue.Int32s(int[] numbers) -> {
                array(GgufType.INT32, numbers.length);
                for (int number : numbers) {
                    int32(number);
                }
            }
            case GgufValue.Float32s(float[] numbers) -> {
                array(GgufType.FLOAT32, numbers.length);
                for (float number : numbers) {
                    int32(Float.floatToRawIntBits(number));
                }
            }
        }
    }

    private void array(GgufType element, int count) {
        type(GgufType.ARRAY);
        type(element);
        int64(count);
    }

    private void type(GgufType type) {
        int32(type.id());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        head.writeBytes(bytes);
    }

    private void int32(int value) {
        head.writeBytes(littleEndian(Integer.BYTES).putInt(value).array());
    }

    private void int64(long value) {
        head.writeBytes(littleEndian(Long.BYTES).putLong(value).array());
    }

    private static void writeData(Path file, GgufTensor tensor, OutputStream out)
            throws IOException {
        float[] row = new float[tensor.columns()];
        ByteBuffer bytes = littleEndian(Math.toIntExact(tensor.type().rowBytes(row.length)));
        for (long i = 0; i < tensor.rowCount(); i++) {
            tensor.rows().read(i, row);
            try {
                GgmlBlocks.encode(tensor.type(), row, bytes.clear());
            } catch (ArithmeticException e) {
                throw new CairnException(
                        "%s: tensor %s: row %d: %s; write it as F32 or BF16"
                                .formatted(file, tensor.name(), i, e.getMessage()),
                        e);
            }
            out.write(bytes.array());
        }
        out.write(new byte[(int) (aligned(tensor.byteSize()) - tensor.byteSize())]);
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long aligned(long position) {
        return Math.ceilDiv(position, ALIGNMENT) * ALIGNMENT;
    }
}
