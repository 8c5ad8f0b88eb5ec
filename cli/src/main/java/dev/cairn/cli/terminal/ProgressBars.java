package dev.cairn.cli.terminal;

import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a verb's progress on stderr: a progress bar on a terminal; otherwise, for training, an
 * occasional line.
 */
public final class ProgressBars implements RecipeListener {
    private static final int LINES = 10;

    private final boolean isWatched = Terminal.isStderrWatched();
    private @Nullable ProgressBar bar;
    private @Nullable Double validationLoss;
    private Map<String, Double> measures = Map.of();

    @Override
    public void on(RecipeEvent event) {
        switch (event) {
            case RecipeEvent.Notice(String text) -> System.err.println(text);
            case RecipeEvent.Started started -> start(started);
            case RecipeEvent.TrainingStep step -> step(step);
            case RecipeEvent.QuestionAnswered answered ->
                    advance(answered, " %d right".formatted(answered.correct()));
            case RecipeEvent.ItemScored scored ->
                    advance(
                            scored,
                            scored.failed() == 0 ? "" : " %d failed".formatted(scored.failed()));
            case RecipeEvent.TeacherAsked asked ->
                    advance(
                            asked,
                            " %d asked%s"
                                    .formatted(
                                            asked.requests(),
                                            asked.failed() == 0
                                                    ? ""
                                                    : ", " + asked.failed() + " failed"));
            case RecipeEvent.Finished finished -> finish();
            case RecipeEvent.StageTrained(String stage, var outcome) ->
                    System.err.printf("%s: %s%n", stage, outcome);
        }
    }

    private void start(RecipeEvent.Started started) {
        validationLoss = null;
        measures = Map.of();
        if (isWatched) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(started.part())
                            .setInitialMax(started.total())
                            .startsFrom(started.done(), Duration.ZERO)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" " + started.unit(), 1)
                            .showSpeed()
                            .build();
        }
    }

    private void step(RecipeEvent.TrainingStep step) {
        Double measured = step.validationLoss();
        if (measured != null) {
            validationLoss = measured;
        }
        if (!step.measures().isEmpty()) {
            measures = step.measures();
        }
        advance(step, " " + numbers(step));
        if (!isWatched
                && (measured != null
                        || !step.measures().isEmpty()
                        || step.done() % Math.max(1, step.total() / LINES) == 0)) {
            System.err.printf(
                    "%s: step %d of %d, %s%n",
                    step.part(), step.done(), step.total(), numbers(step));
        }
    }

    private String numbers(RecipeEvent.TrainingStep step) {
        return String.format(
                Locale.ROOT,
                "loss %.3f, %s%s%.0f tokens/s",
                step.loss(),
                validationLoss == null
                        ? ""
                        : String.format(Locale.ROOT, "validation %.3f, ", validationLoss),
                measures.entrySet().stream().map(ProgressBars::share).collect(Collectors.joining()),
                step.tokensPerSecond());
    }

    private static String share(Map.Entry<String, Double> measure) {
        return String.format(
                Locale.ROOT, "%s %.1f%%, ", measure.getKey(), 100 * measure.getValue());
    }

    private void advance(RecipeEvent.Progress progress, String message) {
        if (bar != null) {
            bar.stepTo(progress.done()).setExtraMessage(message);
        }
    }

    private void finish() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
