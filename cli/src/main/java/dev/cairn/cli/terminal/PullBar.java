package dev.cairn.cli.terminal;

import dev.cairn.hub.PullListener;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows downloads on stderr: a progress bar on a terminal, otherwise a line for each file. */
public final class PullBar implements PullListener {
    private static final int MEGABYTE = 1_000_000;

    private @Nullable ProgressBar bar;

    @Override
    public void begins(String file, long done, long size) {
        boolean isWatched = Terminal.isStderrWatched();
        if (isWatched && size >= MEGABYTE) { // smaller files arrive before a bar could be drawn
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(file)
                            .setInitialMax(size)
                            .startsFrom(done, Duration.ZERO)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" MB", MEGABYTE)
                            .showSpeed()
                            .build();
        } else if (!isWatched) {
            System.err.printf(
                    "%s: downloading %s%s%n",
                    file, size(size), done == 0 ? "" : ", " + size(done) + " already downloaded");
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
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void notes(String message) {
        System.err.println(message);
    }

    /** Bytes in a readable unit. */
    public static String size(long bytes) {
        if (bytes < 1e6) {
            return bytes < 1000 ? bytes + " B" : String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
