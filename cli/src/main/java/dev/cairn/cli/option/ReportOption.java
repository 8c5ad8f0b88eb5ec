package dev.cairn.cli.option;

import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --report} of the verbs that compare. */
public final class ReportOption {
    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write an HTML page with tables and charts.")
    private @Nullable Path file;

    public boolean isWanted() {
        return file != null;
    }

    /** Writes the page, where one is wanted. */
    public void write(Supplier<String> page) {
        if (file != null) {
            AtomicFiles.writeString(file, page.get());
            System.err.printf("report in %s%n", file);
        }
    }
}
