package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged and hostile files: each must end in one clear line, never in a wrong tensor. */
class GgufDamageTest {
    @TempDir Path directory;

    /** A head by hand: what a writer would never write. */
    private static final class Head {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        static Head of(long tensors, long keys) {
            return new Head().ascii("GGUF").int32(3).int64(tensors).int64(keys);
        }

        Head ascii(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Head text(String text) {
            return int64(text.length()).ascii(text);
        }

        Head int32(int value) {
            bytes.writeBytes(littleEndian(4).putInt(value).array());
            return this;
        }

        Head int64(long value) {
            bytes.writeBytes(littleEndian(8).putLong(value).array());
            return this;
        }

        /** A tensor of two dimensions, innermost first. */
        Head tensor(String name, long columns, long rows, int type, long offset) {
            return text(name).int32(2).int64(columns).int64(rows).int32(type).int64(offset);
        }

        private static ByteBuffer littleEndian(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private void assertRefused(Head head, String complaint) throws IOException {
        byte[] bytes = Arrays.copyOf(head.bytes.toByteArray(), head.bytes.size() + 256);
        assertRefused(Files.write(directory.resolve("bad.gguf"), bytes), complaint);
    }

    private static void assertRefused(Path file, String complaint) {
        assertThatThrownBy(() -> Gguf.open(file).close())
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(complaint)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'GGUF version 0, expected 2 or 3'",
        "1, 'GGUF version 1, expected 2 or 3'",
        "4, 'GGUF version 4, expected 2 or 3'",
        "50331648, big-endian",
        "33554432, big-endian",
        "-1, 'GGUF version 4294967295'",
    })
    void refusesOtherVersions(int version, String complaint) throws IOException {
        Head head = new Head().ascii("GGUF").int32(version).int64(0).int64(0);

        assertRefused(head, complaint);
    }

    @Test
    void refusesOtherFiles() throws IOException {
        assertRefused(new Head().ascii("ggjt").int64(0), "not a GGUF file");
        assertRefused(directory, "not a regular file");
        assertRefused(directory.resolve("none"), "no such file or directory");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 0, 'tensor count: claims 9223372036854775807'",
        "-1, 0, 'tensor count: impossible number 18446744073709551615'",
        "0, 9223372036854775807, 'key count: claims'",
        "0, 1000, 'key count: claims 1000 items of at least 13 bytes each, but only 256'",
    })
    void refusesCountsBeyondTheFile(long tensors, long keys, String complaint) throws IOException {
        assertRefused(Head.of(tensors, keys), complaint);
    }

    @Test
    void refusesImpossibleKeys() throws IOException {
        assertRefused(Head.of(0, 1).int64(0), "a name of 0 bytes");
        assertRefused(Head.of(0, 1).int64(Long.MAX_VALUE), "key 0: claims");
        assertRefused(Head.of(0, 1).text("k").int32(13), "key 'k': unknown value type 13");
        assertRefused(Head.of(0, 1).text("k").int32(-1), "unknown value type -1");
        assertRefused(
                Head.of(0, 1).text("k").int32(8).int64(1000),
                "key 'k': claims 1000 items of at least");
        assertRefused(Head.of(0, 1).text("k").int32(9).int32(9).int64(1), "is an array of arrays");
        assertRefused(Head.of(0, 1).text("k").int32(9).int32(4).int64(1L << 62), "key 'k': claims");
        assertRefused(
                Head.of(0, 1).text("k").int32(9).int32(8).int64(2).text("a").int64(999),
                "key 'k': claims 999");
        assertRefused(
                Head.of(0, 2).text("k").int32(4).int32(1).text("k").int32(4).int32(1),
                "key 'k': appears twice");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'expected a power of two, found 0'",
        "24, 'expected a power of two, found 24'",
        "-2147483648, 'found 2147483648'",
    })
    void refusesAnImpossibleAlignment(int alignment, String complaint) throws IOException {
        assertRefused(Head.of(0, 1).text("general.alignment").int32(4).int32(alignment), complaint);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 99, 0, 'tensor ''w'': unknown tensor type 99'",
        "2, 2, 4, 0, 'unknown tensor type 4'",
        "31, 2, 8, 0, 'rows of 31 numbers are not a multiple of Q8_0'",
        "0, 2, 0, 0, 'a dimension of size 0'",
        "-1, 2, 0, 0, 'impossible number 18446744073709551615'",
        "4611686018427387904, 4, 0, 0, 'has no valid size'",
        "4611686018427387904, 1, 0, 0, 'has no valid size'",
        "2, 2, 0, 16, 'offset 16 is not a multiple of the alignment 32'",
        "2, 2, 0, 9223372036854775776, 'but the file holds'",
        "1024, 1, 0, 0, '4096 bytes at 0, but the file holds'",
    })
    void refusesImpossibleTensors(long columns, long rows, int type, long offset, String complaint)
            throws IOException {
        assertRefused(Head.of(1, 0).tensor("w", columns, rows, type, offset), complaint);
    }

    @Test
    void refusesTensorsInEachOthersWay() throws IOException {
        assertRefused(
                Head.of(2, 0).tensor("w", 2, 2, 0, 32).tensor("w", 2, 2, 0, 0), "appears twice");
        assertRefused(
                Head.of(2, 0).tensor("v", 2, 2, 0, 32).tensor("w", 4, 4, 0, 0),
                "tensor 'v': overlaps tensor 'w'");
        assertRefused(
                Head.of(1, 0).text("w").int32(5).int64(1), "5 dimensions, expected at most 4");
    }

    @Test
    void keepsControlCharactersOutOfTheMessage() throws IOException {
        assertRefused(Head.of(0, 1).text("a\n\u001b[31m").int32(77), "key 'a??[31m'");
    }

    @Test
    void refusesTextThatIsNoUtf8WhenItIsAskedFor() throws IOException {
        Path file = directory.resolve("latin.gguf");
        GgufWriter.write(file, Map.of("k", new GgufValue.Text("?")), List.of());
        byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xFF;
        Files.write(file, bytes);

        try (Gguf gguf = Gguf.open(file)) {
            assertThatThrownBy(() -> gguf.text("k"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("key 'k': not UTF-8 text");
        }
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] bytes = whole();
        Path cut = directory.resolve("cut.gguf");
        // The last bytes only align the end of the file.
        for (int length = 0; length < bytes.length - GgufHeader.DEFAULT_ALIGNMENT; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertRefused(cut, "");
        }
    }

    /** A flipped byte may go unnoticed (in data or a name), but must not break anything else. */
    @Test
    @Tag("long")
    void survivesRandomDamage() throws IOException {
        byte[] bytes = whole();
        SplittableRandom random = new SplittableRandom(3);
        Path damaged = directory.resolve("damaged.gguf");
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] copy = bytes.clone();
            for (int i = 0; i < 3; i++) {
                copy[random.nextInt(copy.length)] = (byte) random.nextInt();
            }
            Files.write(damaged, copy);
            try (Gguf gguf = Gguf.open(damaged)) {
                readAll(gguf);
            } catch (CairnException e) {
                assertThat(e.getMessage()).startsWith(damaged.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private static void readAll(Gguf gguf) {
        for (String name : gguf.names()) {
            gguf.entry(name).toFloats();
        }
        for (String key : gguf.keys()) {
            switch (key) {
                case "texts" -> gguf.texts(key);
                case "ints" -> gguf.ints(key);
                case "floats" -> gguf.floats(key);
                case "number" -> gguf.number(key);
                case "whole" -> gguf.natural(key);
                default -> gguf.text(key);
            }
        }
    }

    private byte[] whole() throws IOException {
        Path file = directory.resolve("whole.gguf");
        GgufWriter.write(
                file,
                Map.of(
                        "text", new GgufValue.Text("abc"),
                        "texts", new GgufValue.Texts(List.of("a", "bc", "")),
                        "ints", new GgufValue.Int32s(new int[] {1, 2, 3}),
                        "floats", new GgufValue.Float32s(new float[] {1, 2}),
                        "number", new GgufValue.Float32(3),
                        "whole", new GgufValue.Uint32(7)),
                GgufTest.tensors());
        return Files.readAllBytes(file);
    }

    /** Changes some bytes of a file. */
    static void rewrite(Path from, Path to, Consumer<ByteBuffer> change) {
        try {
            byte[] bytes = Files.readAllBytes(from);
            change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            Files.write(to, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
