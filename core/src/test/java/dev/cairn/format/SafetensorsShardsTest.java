package dev.cairn.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsShardsTest {
    @TempDir Path root;
    private Path directory;

    @BeforeEach
    void twoShards() throws IOException {
        directory = Files.createDirectory(root.resolve("model"));
        writeShard(directory.resolve("one.safetensors"), "a", 1);
        writeShard(directory.resolve("two.safetensors"), "b", 2);
    }

    @Test
    void opensAllShards() throws IOException {
        writeIndex("{\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}");

        try (Safetensors tensors = Safetensors.open(directory)) {
            assertThat(tensors.names()).containsExactly("a", "b");
            assertThat(tensors.entry("b").toFloats()).containsExactly(2);
            assertThat(tensors.entry("b").file()).isEqualTo(directory.resolve("two.safetensors"));
        }
    }

    @Test
    void refusesAnIndexThatDoesNotMatchTheShards() throws IOException {
        writeIndex("{\"a\": \"one.safetensors\", \"b\": \"one.safetensors\"}");
        assertRefused("weight_map: 'b' is not in one.safetensors");

        writeIndex("{\"a\": \"one.safetensors\", \"b\": \"three.safetensors\"}");
        assertRefused("shard 'three.safetensors': cannot read: no such file or directory");
    }

    @Test
    void theIndexDecidesWhichOfTwoCopiesCounts() throws IOException {
        writeShard(directory.resolve("two.safetensors"), "a", 2);
        for (String shard : List.of("one", "two")) {
            writeIndex("{\"a\": \"%s.safetensors\"}".formatted(shard));
            try (Safetensors tensors = Safetensors.open(directory)) {
                assertThat(tensors.entry("a").toFloats())
                        .containsExactly(shard.equals("one") ? 1 : 2);
            }
        }
    }

    @Test
    void aTensorThatTheIndexDoesNotListIsNotRead() throws IOException {
        Files.delete(directory.resolve("two.safetensors"));
        SafetensorsWriter.write(
                directory.resolve("two.safetensors"),
                Map.of(),
                List.of(
                        SafetensorsTensor.f32("a", new float[] {2}, 1),
                        SafetensorsTensor.f32("b", new float[] {3}, 1),
                        SafetensorsTensor.f32("c", new float[] {4}, 1)));
        writeIndex("{\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}");

        try (Safetensors tensors = Safetensors.open(directory)) {
            assertThat(tensors.names()).containsExactly("a", "b");
            assertThat(tensors.entry("a").toFloats()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../out.safetensors", "x/../../out.safetensors", "", "link.safetensors"})
    void refusesShardsOutsideTheDirectory(String name) throws IOException {
        Path out = root.resolve("out.safetensors");
        writeShard(out, "a", 1);
        Files.createSymbolicLink(directory.resolve("link.safetensors"), out);

        writeIndex("{\"a\": \"%s\"}".formatted(name));

        assertRefused("lies outside the model's directory");
    }

    @Test
    void refusesAnAbsoluteShard() throws IOException {
        writeIndex("{\"a\": \"%s\"}".formatted(directory.resolve("one.safetensors")));

        assertRefused("lies outside the model's directory");
    }

    @Test
    void followsTheLinksOfTheHubCache() throws IOException {
        Path blobs = Files.createDirectories(root.resolve("models--x/blobs"));
        Path snapshot = Files.createDirectories(root.resolve("models--x/snapshots/0123"));
        writeShard(blobs.resolve("sha"), "a", 5);
        Files.createSymbolicLink(snapshot.resolve("one.safetensors"), Path.of("../../blobs/sha"));
        Files.writeString(
                snapshot.resolve(SafetensorsIndex.FILE_NAME),
                "{\"weight_map\": {\"a\": \"one.safetensors\"}}");

        try (Safetensors tensors = Safetensors.open(snapshot)) {
            assertThat(tensors.entry("a").toFloats()).containsExactly(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{}", "{\"a\": 1}", "{\"a\": ", "{\"a\": \"x\", \"a\": \"y\"}"})
    void refusesAnIndexThatIsNone(String weightMap) throws IOException {
        writeIndex(weightMap);

        assertRefused("");
    }

    private void assertRefused(String complaint) {
        assertThatThrownBy(() -> Safetensors.open(directory).close())
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.toString())
                .hasMessageContaining(complaint)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private void writeIndex(String weightMap) throws IOException {
        Files.writeString(
                directory.resolve(SafetensorsIndex.FILE_NAME),
                "{\"metadata\": {}, \"weight_map\": " + weightMap + "}");
    }

    private static void writeShard(Path file, String name, float value) {
        SafetensorsWriter.write(
                file, Map.of(), List.of(SafetensorsTensor.f32(name, new float[] {value}, 1)));
    }
}
