package dev.cairn.cli;

import dev.cairn.train.Progress;
import dev.cairn.train.StepLog;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training: a progress bar where a person watches, else a line for every validation. Both
 * go to stderr.
 */
final class TrainingBar implements Progress, AutoCloseable {
    private final String name;
    private @Nullable ProgressBar bar;
    private double valLoss = Double.NaN;

    TrainingBar(String name) {
        this.name = name;
    }

    @Override
    public void step(StepLog log) {
        Double measured = log.valLoss();
        if (measured != null) {
            valLoss = measured;
        }
        String numbers =
                String.format(
                        Locale.ROOT,
                        "loss %.3f, validation %.3f, %.0f tokens/s",
                        log.loss(),
                        valLoss,
                        log.tokens() / log.seconds());
        if (Terminal.isStderrWatched()) {
            bar(log).stepTo(log.step()).setExtraMessage(" " + numbers);
        } else if (measured != null) {
            System.err.printf("%s: step %d of %d, %s%n", name, log.step(), log.steps(), numbers);
        }
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
