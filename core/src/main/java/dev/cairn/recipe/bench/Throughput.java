package dev.cairn.recipe.bench;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.OptimizerName;
import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
import dev.cairn.generate.Generator;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.support.ParallelTasks;
import dev.cairn.train.Measure;
import dev.cairn.train.TrainSettings;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The work whose time is measured. All times are in seconds. */
public final class Throughput {
    private static final double LEARNING_RATE = 1e-3;

    private Throughput() {}

    /** The time to read a prompt, up to the logits of the first new token. */
    public static double prefill(Generator generator, int[] prompt) {
        return generator.generateExactly(prompt, 1, token -> true).prefillMillis() / 1e3;
    }

    /**
     * The time to write so many tokens after each prompt, all at once. It begins when every prompt
     * is read and its first new token chosen.
     *
     * @param generator with a batcher if there are several prompts
     */
    public static double decode(Generator generator, List<int[]> prompts, int tokens) {
        var start = new AtomicLong();
        var all = new CyclicBarrier(prompts.size(), () -> start.set(System.nanoTime()));
        ParallelTasks.on(prompts.size(), "cairn-bench")
                .forEach(
                        prompts,
                        prompt -> generator.generateExactly(prompt, 1 + tokens, waitFor(all)),
                        done -> "interrupted while measuring");
        return (System.nanoTime() - start.get()) / 1e9;
    }

    /** Waits at the first token until all sequences have theirs. */
    private static Generator.TokenListener waitFor(CyclicBarrier all) {
        var isFirst = new AtomicBoolean(true);
        return token -> {
            try {
                if (isFirst.getAndSet(false)) {
                    all.await();
                }
                return true;
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new CancellationException("another sequence failed");
            }
        };
    }

    /**
     * The time until all prompts are read and so many tokens are written after each, all at once.
     *
     * @param generators on one batcher; the prompts take turns with them
     */
    public static double together(List<Generator> generators, List<int[]> prompts, int tokens) {
        long start = System.nanoTime();
        ParallelTasks.on(prompts.size(), "cairn-bench")
                .forEach(
                        IntStream.range(0, prompts.size()).boxed().toList(),
                        i ->
                                generators
                                        .get(i % generators.size())
                                        .generateExactly(prompts.get(i), tokens, token -> true),
                        done -> "interrupted while measuring");
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * The times of the steps of a training, one for each batch.
     *
     * @param batches what each step learns, as one micro-batch
     * @param directory a new folder for the checkpoint and the log
     */
    public static List<Double> train(
            CausalLm model, LoraAdapter adapter, List<List<TokenExample>> batches, Path directory) {
        List<Double> seconds = new ArrayList<>();
        TrainingPlan plan =
                new TrainingPlan() {
                    @Override
                    public int steps() {
                        return batches.size();
                    }

                    @Override
                    public List<List<TokenExample>> step(int step) {
                        return List.of(batches.get(step));
                    }
                };
        TrainSettings settings =
                new TrainSettings(
                        new LearningRateSchedule(
                                LEARNING_RATE, LearningRateSchedule.Decay.CONSTANT, 0),
                        OptimizerName.ADAMW,
                        new AdamWConfig(0, 0, 0.9, 0.999, 1e-8),
                        // Neither validated nor saved in between.
                        new CheckpointConfig(batches.size() + 1, batches.size() + 1, 0),
                        1,
                        false);
        Trainer.train(
                new TrainingRun(
                        model,
                        adapter,
                        plan,
                        List.of(),
                        Measure.NONE,
                        settings,
                        directory,
                        "bench"),
                false,
                log -> seconds.add(log.seconds()));
        return seconds;
    }

    /** Any tokens of a vocabulary. */
    public static int[] tokens(int count, int vocabulary, long seed) {
        return new SplittableRandom(seed).ints(count, 0, vocabulary).toArray();
    }
}
