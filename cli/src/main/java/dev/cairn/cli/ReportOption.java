package dev.cairn.cli;

import dev.cairn.eval.report.HtmlReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --report} of the verbs that compare. */
final class ReportOption {
    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write an HTML page with tables and charts.")
    private @Nullable Path file;

    boolean isWanted() {
        return file != null;
    }

    /** Writes the page, where one is wanted. */
    void write(HtmlReport page) {
        if (file != null) {
            page.write(file);
            System.err.printf("report in %s%n", file);
        }
    }
}
