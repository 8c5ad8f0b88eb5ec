package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir Path directory;

    @Test
    void createsParentDirectoriesAndWritesUtf8() throws IOException {
        Path target = directory.resolve("a/b/text.txt");

        AtomicFiles.writeString(target, "grüße\n");

        assertThat(Files.readAllBytes(target))
                .isEqualTo("grüße\n".getBytes(StandardCharsets.UTF_8));
        assertThat(namesIn(directory.resolve("a/b"))).containsExactly("text.txt");
    }

    @Test
    void failureLeavesTheOldFileAndNoTemporaryOne() throws IOException {
        Path target = directory.resolve("weights.bin");
        AtomicFiles.writeString(target, "old");

        assertThatThrownBy(() ->
                        AtomicFiles.write(
                                target,
                                out -> {
                                    out.write(new byte[1 << 20]);
                                    throw new IOException("No space left on device");
                                }))
                .isInstanceOf(CairnException.class)
                .hasMessage(target + ": cannot write: No space left on device");

        assertThat(target).hasContent("old");
        assertThat(namesIn(directory)).containsExactly("weights.bin");
    }

    @Test
    void errorOfTheContentPassesUnchanged() {
        Path target = directory.resolve("weights.bin");
        IllegalStateException error = new IllegalStateException("closed");

        assertThatThrownBy(() ->
                        AtomicFiles.write(
                                target,
                                out -> {
                                    throw error;
                                }))
                .isSameAs(error);

        assertThat(namesIn(directory)).isEmpty();
    }

    @Test
    void removesWhatAKilledWriterLeftButNotOtherFiles() throws IOException {
        // Linux process ids end at 2^22, so this process cannot be alive.
        Files.writeString(directory.resolve(".log.txt.999999999-1.tmp"), "half");
        Files.writeString(directory.resolve(".log.txt.mine.tmp"), "a person's file");
        String alive = ".log.txt." + ProcessHandle.current().pid() + "-999999.tmp";
        Files.writeString(directory.resolve(alive), "being written");

        AtomicFiles.writeString(directory.resolve("log.txt"), "new");

        assertThat(namesIn(directory))
                .containsExactlyInAnyOrder("log.txt", ".log.txt.mine.tmp", alive);
    }

    @Test
    void followsALinkInsteadOfReplacingIt() throws IOException {
        Path real = directory.resolve("real.txt");
        Files.writeString(real, "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.txt"), real);

        AtomicFiles.writeString(link, "new");

        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void namesWhatStandsInTheWay() throws IOException {
        assertThatThrownBy(() -> AtomicFiles.writeString(directory, "x"))
                .hasMessage(directory + ": cannot write: it is a directory");

        Path file = directory.resolve("file");
        Files.writeString(file, "");
        assertThatThrownBy(() -> AtomicFiles.writeString(file.resolve("child"), "x"))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.resolve("child") + ": cannot write: ");
    }

    private static List<String> namesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
