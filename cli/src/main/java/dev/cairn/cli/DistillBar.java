package dev.cairn.cli;

import dev.cairn.data.distill.Distiller;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows on stderr how far a teacher has come, where a person watches. */
final class DistillBar implements Distiller.Progress, AutoCloseable {
    private final @Nullable ProgressBar bar;

    DistillBar(int questions) {
        bar =
                Terminal.isStderrWatched()
                        ? new ProgressBarBuilder()
                                .setTaskName("distill")
                                .setInitialMax(questions)
                                .setStyle(ProgressBarStyle.ASCII)
                                .build()
                        : null;
    }

    @Override
    public void update(int done, int failed, int asked) {
        if (bar != null) {
            bar.stepTo(done)
                    .setExtraMessage(
                            " %d asked%s"
                                    .formatted(
                                            asked, failed == 0 ? "" : ", " + failed + " failed"));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
