package dev.cairn.records;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
    @TempDir Path directory;

    @Test
    void namesTheLineThatIsNotUtf8() throws IOException {
        // Beyond the first block the decoder works on, with every kind of line end before it.
        String before = "x".repeat(20_000) + "\n\r\n\rZoë 😀\n";
        byte[] latin = (before + "caf\u00e9 olé\n").replace("😀", "").getBytes(ISO_8859_1);
        refuses(latin, 4);
        refuses(("a\r\rb\r\n".repeat(3) + "caf\u00e9").getBytes(ISO_8859_1), 10);
        byte[] whole = (before + "é").getBytes(UTF_8);
        assertThat(read(whole).lines()).hasSize(5).last().isEqualTo("é");
        byte[] cut = new byte[whole.length - 1];
        System.arraycopy(whole, 0, cut, 0, cut.length);
        refuses(cut, 5);
    }

    @Test
    void refusesUtf16WithAndWithoutItsMark() throws IOException {
        refuses("{\"input\": \"x\"}".getBytes(UTF_16), 1);
        refuses("{\"input\": \"x\"}".getBytes(UTF_16LE), 1);
    }

    @Test
    void skipsTheByteOrderMark() throws IOException {
        assertThat(read("\ufeff{}\n\ufeffx".getBytes(UTF_8)).lines())
                .containsExactly("{}", "\ufeffx");
        assertThat(read("\ufeff".getBytes(UTF_8)).lines()).isEmpty();
        assertThat(read(new byte[0]).lines()).isEmpty();
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        Path file = Files.writeString(directory.resolve("large.json"), "0123456789");
        assertThat(TextFile.read(file, 10).lines()).containsExactly("0123456789");
        assertThatThrownBy(() -> TextFile.read(file, 9))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        file
                                + ": expected at most 9 bytes, found more; split it into several"
                                + " files in one folder");
    }

    private TextFile read(byte[] content) throws IOException {
        return TextFile.read(Files.write(directory.resolve("some.txt"), content));
    }

    private void refuses(byte[] content, int line) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory.resolve("some.txt")
                                + ":"
                                + line
                                + ": not UTF-8 text; convert it to UTF-8");
    }
}
