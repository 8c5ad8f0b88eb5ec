package dev.cairn.cli;

import dev.cairn.eval.run.Runner;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows on stderr how far a task has come, where a person watches. */
final class TaskBar implements Runner.Progress, AutoCloseable {
    private final @Nullable ProgressBar bar;

    TaskBar(String system, String task, int items) {
        bar =
                Terminal.isStderrWatched()
                        ? new ProgressBarBuilder()
                                .setTaskName(system + ", " + task)
                                .setInitialMax(items)
                                .setStyle(ProgressBarStyle.ASCII)
                                .build()
                        : null;
    }

    @Override
    public void update(int done, int total, int failed) {
        if (bar != null) {
            bar.stepTo(done).setExtraMessage(failed == 0 ? "" : " %d failed".formatted(failed));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
