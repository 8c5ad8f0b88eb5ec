package dev.cairn.tensor.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadedPagesTest {
    /** Of 65 MB of code; Linux maps some pages around every one that is needed. */
    private static final long FEW_KILOBYTES = 1024;

    /** That products are right afterwards is what {@link NativeMatmulTest} tests. */
    @Test
    void theCodeThatLoadingHasReadIsNoLongerResident() throws Throwable {
        assumeTrue(OneDnn.instance() != null, "oneDNN is " + OneDnn.status());
        assumeTrue(Files.exists(Path.of("/proc/self/smaps")), "only Linux tells what is resident");
        Path library = NativeLibrary.oneDnn();
        LoadedPages.release(library);
        assertThat(residentCode(library.toRealPath())).isLessThan(FEW_KILOBYTES);
    }

    /** Kilobytes of a library's code that are in this process's memory: proc(5), smaps. */
    private static long residentCode(Path library) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int code = 0;
        while (!(lines.get(code).contains(" r-xp ")
                && lines.get(code).endsWith(library.toString()))) {
            code++;
        }
        while (!lines.get(code).startsWith("Rss:")) {
            code++;
        }
        return Long.parseLong(lines.get(code).replaceAll("\\D", ""));
    }
}
