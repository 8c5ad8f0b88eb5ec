package dev.cairn.cli;

import dev.cairn.eval.Evaluator;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows an evaluation on stderr where a person watches. */
final class EvalBar implements Evaluator.Progress, AutoCloseable {
    private final @Nullable ProgressBar bar;

    EvalBar(String system, String set, int questions) {
        bar =
                Terminal.isStderrWatched()
                        ? new ProgressBarBuilder()
                                .setTaskName(system + ", " + set)
                                .setInitialMax(questions)
                                .setStyle(ProgressBarStyle.ASCII)
                                .build()
                        : null;
    }

    @Override
    public void update(int done, int total, int correct) {
        if (bar != null) {
            bar.stepTo(done).setExtraMessage(" %d right".formatted(correct));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
