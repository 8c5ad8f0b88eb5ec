package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTest {
    /** Of the one tensor in a part: eight floats. */
    private static final int DATA_BYTES = 32;

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void write() {
        file = directory.resolve("small.gguf");
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("text", new GgufValue.Text("Grüße 🪨"));
        metadata.put("whole", new GgufValue.Uint32(0xFFFF_FFFFL));
        metadata.put("number", new GgufValue.Float32(1e-5f));
        metadata.put("flag", new GgufValue.Flag(true));
        metadata.put("texts", new GgufValue.Texts(List.of("a", "", "ö")));
        metadata.put("ints", new GgufValue.Int32s(new int[] {1, -2}));
        metadata.put("floats", new GgufValue.Float32s(new float[] {0.5f}));
        GgufWriter.write(file, metadata, tensors());
    }

    static List<GgufTensor> tensors() {
        Rows rows =
                (row, into) -> {
                    for (int i = 0; i < into.length; i++) {
                        into[i] = row * 100 + i;
                    }
                };
        return List.of(
                new GgufTensor("half", GgmlType.F16, new long[] {3, 5}, rows),
                new GgufTensor("vector", GgmlType.F32, new long[] {7}, rows),
                new GgufTensor("block", GgmlType.Q8_0, new long[] {2, 64}, rows));
    }

    @Test
    void readsWhatWasWritten() {
        try (Gguf gguf = Gguf.open(file)) {
            assertThat(gguf.keys())
                    .containsExactly("flag", "floats", "ints", "number", "text", "texts", "whole");
            assertThat(gguf.text("text")).isEqualTo("Grüße 🪨");
            assertThat(gguf.number("whole")).isEqualTo(4294967295.0);
            assertThat((float) gguf.number("number")).isEqualTo(1e-5f);
            assertThat(gguf.flag("flag")).isTrue();
            assertThat(gguf.texts("texts")).containsExactly("a", "", "ö");
            assertThat(gguf.ints("ints")).containsExactly(1, -2);
            assertThat(gguf.floats("floats")).containsExactly(0.5f);

            assertThat(gguf.names()).containsExactly("block", "half", "vector");
            assertThat(gguf.entry("half").shape()).containsExactly(3, 5);
            float[] row = new float[5];
            gguf.entry("half").read(2, row);
            assertThat(row).containsExactly(200, 201, 202, 203, 204);
            assertThat(gguf.entry("vector").toFloats()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text  | whole  | key 'text': expected a whole number, found STRING",
                "texts | text   | key 'texts': expected a string, found a list of 3 STRING",
                "ints  | number | key 'ints': expected a number, found a list of 2 INT32",
                "whole | whole  | expected a whole number from 0 to 2147483647, found 4294967295",
                "number| whole  | key 'number': expected a whole number, found FLOAT32",
                "flag  | text   | key 'flag': expected a string, found BOOL",
                "whole | flag   | key 'whole': expected true or false, found UINT32",
                "floats| texts  | key 'floats': expected a list of texts, found a list of 1",
                "none  | text   | no key 'none'",
            })
    void namesAKeyOfAnotherType(String key, String getter, String complaint) {
        try (Gguf gguf = Gguf.open(file)) {
            assertThatThrownBy(
                            () -> {
                                switch (getter) {
                                    case "whole" -> gguf.natural(key);
                                    case "number" -> gguf.number(key);
                                    case "flag" -> gguf.flag(key);
                                    case "texts" -> gguf.texts(key);
                                    default -> gguf.text(key);
                                }
                            })
                    .isInstanceOf(CairnException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining(complaint);
        }
    }

    @Test
    void opensTypesThatItCannotReadButDoesNotReadThem() {
        // The same bytes with the number of a type whose blocks are shorter.
        Path other = directory.resolve("other.gguf");
        GgufDamageTest.rewrite(file, other, bytes -> bytes.putInt(typeOffset(bytes, "block"), 24));

        try (Gguf gguf = Gguf.open(other)) {
            Gguf.Entry entry = gguf.entry("block");
            assertThatThrownBy(entry::requireReadable)
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("tensor 'block': type I8 cannot be read");
            assertThatThrownBy(() -> entry.read(0, new float[64]))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining(
                            "choose a file of the same model in another format, such as Q4_K_M or Q8_0");
        }
    }

    /** Behind the name come the rank, two sizes and then the type. */
    static int typeOffset(ByteBuffer bytes, String name) {
        String all = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        return all.indexOf(name) + name.length() + 4 + 2 * 8;
    }

    @Test
    void namesAMissingTensor() {
        try (Gguf gguf = Gguf.open(file)) {
            assertThatThrownBy(() -> gguf.entry("w"))
                    .isInstanceOf(CairnException.class)
                    .hasMessage(file + ": no tensor 'w'");
            assertThatThrownBy(() -> gguf.entry("half").expectShape(5, 3))
                    .hasMessageContaining("expected shape [5, 3], found [3, 5]");
        }
    }

    @Test
    void namesTheRowThatDoesNotFit() {
        Rows huge = (row, into) -> into[0] = row == 1 ? 1e6f : 0;
        GgufTensor tensor = new GgufTensor("w", GgmlType.F16, new long[] {2, 1}, huge);

        assertThatThrownBy(() ->
                        GgufWriter.write(directory.resolve("w.gguf"), Map.of(), List.of(tensor)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("w.gguf: tensor w: row 1: 1000000.0 is too large")
                .hasMessageContaining("write it as F32 or BF16");
        assertThat(directory.resolve("w.gguf")).doesNotExist();
    }

    /**
     * gguf-py 0.19.0 pads the data of a later part by the first part's alignment without saying so
     * there; read by the format, they begin too early.
     */
    @Test
    void aLaterPartWhoseAlignmentIsUnclearIsRefused() {
        Path first = part(0, new GgufValue.Uint32(64), 0);
        Path second = part(1, null, 32);

        assertThatThrownBy(() -> Gguf.open(first))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(second + ": no key 'general.alignment'")
                .hasMessageContaining("m-00001-of-00002.gguf has 64 there");
    }

    @Test
    void aLaterPartWhoseDataBeginAtTheSamePlaceEitherWayIsRead() {
        Path first = part(0, new GgufValue.Uint32(64), 0);
        part(1, null, 0);

        try (Gguf gguf = Gguf.open(first)) {
            assertThat(gguf.names()).hasSize(2);
            for (String name : gguf.names()) {
                assertThat(gguf.entry(name).toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            }
        }
    }

    /** As gguf-split's first part may be; the header ends before the alignment it is padded to. */
    @Test
    void aPartWithoutTensorsMayEndWithItsHeader() throws IOException {
        Path file = directory.resolve("no-tensors.gguf");
        GgufWriter.write(file, Map.of("key", new GgufValue.Text("value")), List.of());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(8 + 8 + 8 + (8 + 3) + 4 + (8 + 5));
        }
        try (Gguf gguf = Gguf.open(file)) {
            assertThat(gguf.names()).isEmpty();
            assertThat(gguf.text("key")).isEqualTo("value");
        }
    }

    @Test
    void theTensorsOutliveTheMetadata() {
        Path file = directory.resolve("t.gguf");
        writePart(file, Map.of(), "t0");
        try (Gguf gguf = Gguf.open(file)) {
            gguf.closeMetadata();
            assertThat(gguf.keys()).isEmpty();
            assertThat(gguf.entry("t0").toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        }
    }

    /** A part whose header ends at a multiple of 64, and so many bytes. */
    private Path part(int number, @Nullable GgufValue alignment, int beyond) {
        Path part = directory.resolve("m-0000%d-of-00002.gguf".formatted(number + 1));
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        if (alignment != null) {
            metadata.put("general.alignment", alignment);
        }
        metadata.put("split.no", new GgufValue.Uint32(number));
        metadata.put("split.count", new GgufValue.Uint32(2));
        String name = "t" + number;
        writePart(part, metadata, name);
        if ((part.toFile().length() - DATA_BYTES) % 64 != beyond) {
            name += "-".repeat(32); // moves the header's end by 32 bytes
            writePart(part, metadata, name);
        }
        return part;
    }

    private static void writePart(Path part, Map<String, GgufValue> metadata, String name) {
        Rows rows =
                (row, into) -> {
                    for (int i = 0; i < into.length; i++) {
                        into[i] = i + 1;
                    }
                };
        GgufTensor tensor = new GgufTensor(name, GgmlType.F32, new long[] {8}, rows);
        GgufWriter.write(part, metadata, List.of(tensor));
    }
}
