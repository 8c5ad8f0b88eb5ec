package dev.cairn.cli;

import dev.cairn.hub.PullListener;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows downloads on stderr: a progress bar where a person watches, else a line for each file. */
final class PullBar implements PullListener, AutoCloseable {
    private final boolean isWatched = Terminal.isStderrWatched();
    private @Nullable ProgressBar bar;

    @Override
    public void begins(String file, long done, long size) {
        if (isWatched) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(file)
                            .setInitialMax(size)
                            .startsFrom(done, Duration.ZERO)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" MB", 1_000_000)
                            .showSpeed()
                            .build();
        } else {
            System.err.printf(
                    "%s: downloading %s%s%n",
                    file,
                    megabytes(size),
                    done == 0 ? "" : ", of which " + megabytes(done) + " are there");
        }
    }

    @Override
    public void advances(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void ends() {
        close();
    }

    @Override
    public void notes(String message) {
        System.err.println(message);
    }

    /** Bytes as people count them. */
    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
