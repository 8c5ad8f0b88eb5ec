package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files: each must end in one clear line, never in a wrong tensor. */
class SafetensorsDamageTest {
    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | which needs 8 bytes",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | which needs 8 bytes",
                "{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | holds 8 bytes of data",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | leave a gap",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4 bytes follow the last",
                "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | negative number -2",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | negative number -8",
                "{'w':{'dtype':'F99','shape':[2],'data_offsets':[0,8]}} | unknown dtype 'F99'",
                "{'w':{'dtype':'F4','shape':[3],'data_offsets':[0,8]}} | end mid-byte",
                "{'w':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}} |"
                        + " overflow",
                "{'w':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | range",
                "{'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | VALUE_NUMBER_FLOAT",
                "{'w':{'dtype':'F32','shape':[[2]],'data_offsets':[0,8]}} | START_ARRAY",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | two data_offsets",
                "{'w':{'dtype':'F32','data_offsets':[0,8]}} | needs dtype, shape",
                "{'w':{'dtype':null,'shape':[2],'data_offsets':[0,8]}} | VALUE_NULL",
                "{'w':7} | tensor 'w': expected START_OBJECT",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'v':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | overlap",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | Duplicate",
                "{'__metadata__':{'a':1},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} |"
                        + " __metadata__ 'a': expected VALUE_STRING",
                "{} | 8 bytes follow the last tensor's data",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | not valid JSON",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}x | not valid JSON",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}{} | continues after",
                "[] | header is not a JSON object",
            })
    void refusesAHeaderThatDoesNotDescribeTheFile(String header, String complaint)
            throws IOException {
        Path file = write("bad.safetensors", header.replace('\'', '"'), new byte[8]);

        assertRefused(file, file, complaint);
    }

    @Test
    void refusesDeepNesting() throws IOException {
        String deep = "{\"w\":{\"x\":" + "[".repeat(1001) + "]".repeat(1001) + "}}";

        Path file = write("deep.safetensors", deep, new byte[8]);

        assertRefused(file, file, "not valid JSON");
    }

    @Test
    void refusesMalformedUtf8() throws IOException {
        byte[] json = "{\"?\":{}}".getBytes(StandardCharsets.US_ASCII);
        json[2] = (byte) 0xFF;
        Path file = Files.write(directory.resolve("latin.safetensors"), bytes(json, new byte[0]));

        assertRefused(file, file, "not valid JSON");
    }

    @Test
    void keepsControlCharactersOutOfTheMessage() throws IOException {
        Path file = write("bell.safetensors", "{\"a\\n\\u001b[31m\":7}", new byte[8]);

        assertRefused(file, file, "tensor 'a??[31m'");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 100_000_001, Long.MAX_VALUE})
    void refusesAnImpossibleHeaderLength(long length) throws IOException {
        byte[] bytes = bytes("{}".getBytes(StandardCharsets.US_ASCII), new byte[0]);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Path file = Files.write(directory.resolve("length.safetensors"), bytes);

        assertRefused(file, file, "claims a header of " + Long.toUnsignedString(length));
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        Path whole = directory.resolve("whole.safetensors");
        SafetensorsWriter.write(
                whole, Map.of(), List.of(SafetensorsTensor.f32("w", new float[4], 4)));
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = directory.resolve("cut.safetensors");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertRefused(cut, cut, "");
        }
    }

    /** A flipped byte may go unnoticed (in data or a name), but must not break anything else. */
    @Test
    @Tag("long")
    void survivesRandomDamage() throws IOException {
        Path whole = directory.resolve("whole.safetensors");
        SafetensorsWriter.write(
                whole, Map.of("a", "b"), List.of(SafetensorsTensor.f32("w", new float[4], 2, 2)));
        byte[] bytes = Files.readAllBytes(whole);
        SplittableRandom random = new SplittableRandom(3);
        Path damaged = directory.resolve("damaged.safetensors");
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] copy = bytes.clone();
            copy[random.nextInt(copy.length)] = (byte) random.nextInt();
            copy[random.nextInt(copy.length)] = (byte) random.nextInt();
            Files.write(damaged, copy);
            try (Safetensors tensors = Safetensors.open(damaged)) {
                tensors.names()
                        .forEach(name -> assertThat(tensors.entry(name).toFloats()).hasSize(4));
            } catch (CairnException e) {
                assertThat(e.getMessage()).startsWith(damaged.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Path nothing = directory.resolve("nothing.safetensors");
        assertRefused(nothing, nothing, "cannot read: no such file or directory");

        assertRefused(directory, directory, "holds neither model.safetensors nor");

        Files.createDirectory(directory.resolve("model.safetensors"));
        assertRefused(directory, directory.resolve("model.safetensors"), "not a regular file");
    }

    private static void assertRefused(Path opened, Path blamed, String complaint) {
        assertThatThrownBy(() -> Safetensors.open(opened).close())
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(blamed + ": ")
                .hasMessageContaining(complaint)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private Path write(String name, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(directory.resolve(name), bytes(json, data));
    }

    private static byte[] bytes(byte[] json, byte[] data) {
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
