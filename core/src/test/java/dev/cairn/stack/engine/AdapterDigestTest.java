package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Computed late, it must still be that of the weights that were opened. */
class AdapterDigestTest {
    @TempDir private Path adapter;

    private void write(String weights) throws IOException {
        Files.writeString(LoraAdapter.weightsFile(adapter), weights);
    }

    @Test
    void isThatOfTheFileAndStaysWhatItWas() throws IOException {
        write("some weights");
        AdapterDigest digest = new AdapterDigest(adapter);
        String first = digest.hex();
        assertThat(first).isEqualTo(LoraAdapter.digest(adapter)).hasSize(64);
        write("others, of another length");
        assertThat(digest.hex()).isEqualTo(first);
    }

    @Test
    void isUnknownWhereTheFileWasWrittenAgainBeforeItWasAskedFor() throws IOException {
        write("some weights");
        AdapterDigest digest = new AdapterDigest(adapter);
        write("others, of another length");
        assertThat(digest.hex()).isEqualTo("unknown: the file was changed after it was opened");
    }

    @Test
    void isUnknownWhereTheFileIsGone() throws IOException {
        write("some weights");
        AdapterDigest digest = new AdapterDigest(adapter);
        Files.delete(LoraAdapter.weightsFile(adapter));
        assertThat(digest.hex()).startsWith("unknown");
    }

    @Test
    void isNoneWithoutAnAdapter() {
        assertThat(new AdapterDigest(null).hex()).isEqualTo("none");
    }
}
