package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of FIPS 180-2, in each way a hash is made of them. */
class Sha256Test {
    private static final String NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String MILLION =
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    @TempDir private Path folder;

    @Test
    void textsAndBytesAndStreamsAreHashedAlike() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.UTF_8);
        assertThat(Sha256.of("").hex()).isEqualTo(NOTHING);
        assertThat(Sha256.of("abc").hex()).isEqualTo(ABC);
        assertThat(Sha256.of(abc)).hasToString(ABC);
        assertThat(Sha256.of(new ByteArrayInputStream(abc))).isEqualTo(Sha256.of("abc"));
        assertThat(Sha256.of(new ByteArrayInputStream(new byte[0]))).isEqualTo(Sha256.of(""));
        assertThat(Sha256.of("é").hex())
                .isEqualTo("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
    }

    @Test
    void filesAreHashedOneAfterTheOther() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "a".repeat(123_456));
        Path second = Files.writeString(folder.resolve("second"), "a".repeat(1_000_000 - 123_456));
        assertThat(Sha256.ofFiles(List.of(first, second)).hex()).isEqualTo(MILLION);
        assertThat(Sha256.ofFiles(List.of()).hex()).isEqualTo(NOTHING);
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Sha256.ofFiles(List.of(first, missing)))
                .isInstanceOf(CairnException.class)
                .hasMessage(missing + ": cannot be read: no such file or directory");
    }

    @Test
    void aHashIsAValue() {
        assertThat(Sha256.of("abc"))
                .isEqualTo(Sha256.of("abc"))
                .hasSameHashCodeAs(Sha256.of("abc"));
        assertThat(Sha256.of("abc")).isNotEqualTo(Sha256.of("abd")).isNotEqualTo(ABC);
        Sha256 hash = Sha256.of("abc");
        hash.bytes()[0] = 0;
        assertThat(hash.hex()).isEqualTo(ABC);
    }
}
