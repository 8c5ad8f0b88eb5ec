package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.tensor.BFloat16;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static final Path STORIES = Path.of("core/src/test/resources/stories260K");

    @TempDir Path directory;

    @Test
    void readsWhatItWrote() {
        Path file = directory.resolve("model.safetensors");
        float[] floats = {1.5f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 7};
        SafetensorsWriter.write(
                file,
                Map.of("format", "pt", "quote", "\"\u00e9\n"),
                List.of(
                        SafetensorsTensor.f32("wide", floats, 2, 3),
                        SafetensorsTensor.bf16("half.\u03b1", new float[] {1, 2.5f}, 2),
                        SafetensorsTensor.f64("moment", new double[] {Math.PI}),
                        SafetensorsTensor.i64("step", new long[] {Long.MIN_VALUE, 3}, 1, 2),
                        SafetensorsTensor.f32("empty", new float[0], 0, 4)));

        try (Safetensors tensors = Safetensors.open(directory)) {
            assertThat(tensors.names())
                    .containsExactly("empty", "half.\u03b1", "moment", "step", "wide");
            assertThat(tensors.metadata()).containsEntry("quote", "\"\u00e9\n").hasSize(2);
            Safetensors.Entry wide = tensors.entry("wide").expectShape(2, 3);
            assertThat(wide.dtype()).isEqualTo(DType.F32);
            assertThat(wide.toFloats()).containsExactly(floats);
            assertThat(wide.file()).isEqualTo(file);
            assertThat(tensors.entry("half.\u03b1").toFloats()).containsExactly(1, 2.5f);
            assertThat(tensors.entry("moment").expectShape().toDoubles()).containsExactly(Math.PI);
            assertThat(tensors.entry("step").toLongs()).containsExactly(Long.MIN_VALUE, 3);
            assertThat(tensors.entry("empty").expectShape(0, 4).toFloats()).isEmpty();
        }
    }

    @Test
    void writesTensorsLargerThanOneChunk() {
        float[] values = new float[700_001];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = BFloat16.toFloat((short) random.nextInt(0x7F00));
        }
        Path file = directory.resolve("large.safetensors");

        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        SafetensorsTensor.f32("a", values, values.length),
                        SafetensorsTensor.bf16("b", values, values.length)));

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.entry("a").toFloats()).isEqualTo(values);
            assertThat(tensors.entry("b").toFloats()).isEqualTo(values);
        }
    }

    /** The expected bytes are those of the reference library for the same tensors. */
    @Test
    void writesTheBytesOfTheReferenceLibrary() throws IOException {
        Path file = directory.resolve("two.safetensors");

        SafetensorsWriter.write(
                file,
                Map.of("format", "pt"),
                List.of(
                        SafetensorsTensor.bf16("a", new float[] {1}, 1),
                        SafetensorsTensor.f32("b", new float[] {2}, 1)));

        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[4,6]}}";
        byte[] data = {0, 0, 0, 0x40, (byte) 0x80, 0x3F};
        String padding = " ".repeat(Math.ceilDiv(header.length(), 8) * 8 - header.length());
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes(header + padding, data));
    }

    @Test
    void copiesRawBytesUnchanged() throws IOException {
        Path file = directory.resolve("one.safetensors");
        SafetensorsWriter.write(
                file, Map.of(), List.of(SafetensorsTensor.f32("w", new float[] {3, 4}, 2)));
        Path copy = directory.resolve("copy.safetensors");

        try (Safetensors tensors = Safetensors.open(file)) {
            MemorySegment data = tensors.entry("w").data();
            SafetensorsWriter.write(
                    copy, Map.of(), List.of(SafetensorsTensor.raw("w", DType.F32, data, 2)));
        }

        assertThat(copy).hasSameBinaryContentAs(file);
    }

    @Test
    void convertsFloat16() throws IOException {
        byte[] data = {0x00, 0x3C, 0x00, (byte) 0xC1};
        Path file = write("half.safetensors", header("F16", "[2]", 0, 4), data);

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.entry("w").toFloats()).containsExactly(1f, -2.5f);
        }
    }

    @Test
    void alignsTheDataOfFilesWithoutPadding() throws IOException {
        String header = header("F32", "[1]", 0, 4);
        String odd = header.length() % 2 == 0 ? header + " " : header;
        Path file = write("old.safetensors", odd, new byte[] {0, 0, (byte) 0x80, 0x3F});

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.entry("w").data().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1f);
        }
    }

    @Test
    void opensFormatsItCannotComputeWith() throws IOException {
        Path file = write("f4.safetensors", header("F4", "[4]", 0, 2), new byte[2]);

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.entry("w").dtype()).isEqualTo(DType.F4);
            assertThatThrownBy(() -> tensors.entry("w").toFloats())
                    .hasMessage(file + ": tensor 'w': expected dtype F32, F16 or BF16, found F4");
        }
    }

    @Test
    void namesFileTensorAndShapesThatDoNotFit() {
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(
                file, Map.of(), List.of(SafetensorsTensor.f32("w", new float[6], 2, 3)));

        try (Safetensors tensors = Safetensors.open(directory)) {
            assertThatThrownBy(() -> tensors.entry("w").expectShape(3, 2))
                    .isInstanceOf(CairnException.class)
                    .hasMessage(file + ": tensor 'w': expected shape [3, 2], found [2, 3]");
            assertThatThrownBy(() -> tensors.entry("bias"))
                    .isInstanceOf(CairnException.class)
                    .hasMessage(directory + ": no tensor 'bias'");
        }
    }

    @Test
    void refusesToWriteTwoTensorsOfOneName() {
        SafetensorsTensor w = SafetensorsTensor.f32("w", new float[1], 1);

        assertThatThrownBy(() ->
                        SafetensorsWriter.write(directory.resolve("x"), Map.of(), List.of(w, w)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void opensAPublishedModel() {
        try (Safetensors tensors = Safetensors.open(STORIES)) {
            assertThat(tensors.names()).contains("model.embed_tokens.weight");
            float[] embedding =
                    tensors.entry("model.embed_tokens.weight").expectShape(512, 64).toFloats();
            assertThat(embedding).doesNotContain(Float.NaN);
        }
    }

    private Path write(String name, String header, byte[] data) throws IOException {
        return Files.write(directory.resolve(name), bytes(header, data));
    }

    private static String header(String dtype, String shape, long begin, long end) {
        return "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}"
                .formatted(dtype, shape, begin, end);
    }

    private static byte[] bytes(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
