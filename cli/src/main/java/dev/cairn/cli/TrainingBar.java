package dev.cairn.cli;

import dev.cairn.train.Progress;
import dev.cairn.train.StepLog;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training: a progress bar where a person watches, else a line now and then. Both go to
 * stderr.
 */
final class TrainingBar implements Progress, AutoCloseable {
    private static final int LINES = 10;

    private final String name;
    private final boolean isWatched = Terminal.isStderrWatched();
    private @Nullable ProgressBar bar;
    private @Nullable Double valLoss;

    TrainingBar(String name) {
        this.name = name;
    }

    @Override
    public void step(StepLog log) {
        Double measured = log.valLoss();
        if (measured != null) {
            valLoss = measured;
        }
        if (isWatched) {
            bar(log).stepTo(log.step()).setExtraMessage(" " + numbers(log));
        } else if (measured != null || log.step() % Math.max(1, log.steps() / LINES) == 0) {
            System.err.printf(
                    "%s: step %d of %d, %s%n", name, log.step(), log.steps(), numbers(log));
        }
    }

    private String numbers(StepLog log) {
        return String.format(
                Locale.ROOT,
                "loss %.3f, %s%.0f tokens/s",
                log.loss(),
                valLoss == null ? "" : String.format(Locale.ROOT, "validation %.3f, ", valLoss),
                log.tokens() / log.seconds());
    }

    private ProgressBar bar(StepLog log) {
        if (bar == null) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(name)
                            .setInitialMax(log.steps())
                            .startsFrom(log.step() - 1, java.time.Duration.ZERO)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" steps", 1)
                            .showSpeed()
                            .build();
        }
        return bar;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
