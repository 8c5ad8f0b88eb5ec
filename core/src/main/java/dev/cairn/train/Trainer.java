package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Workspace;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Elementwise;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Trains an adapter or a whole base. Each step runs forward and backward passes over its
 * micro-batches, with gradients weighted by tokens, then clips the gradient and applies the
 * optimiser; at regular intervals the trainer measures the validation loss and writes a checkpoint.
 * A step depends only on the run and the step's number, so a killed and resumed run produces the
 * same result, byte for byte.
 */
public final class Trainer {
    private final TrainingRun run;
    private final TrainState state;
    private final NextTokenLoss loss;
    private final @Nullable DataParallel wholeBase;
    private final Elementwise elementwise;
    private final Workspace workspace = new Workspace();

    private Trainer(TrainingRun run) {
        this.run = run;
        this.state = new TrainState(run.trained(), Optimizer.of(run), run.model().kernels());
        this.loss = new NextTokenLoss(run.model());
        this.wholeBase = run.adapter() == null ? new DataParallel(run.model()) : null;
        this.elementwise = run.model().kernels().elementwise();
    }

    /**
     * The result of a run.
     *
     * @param steps steps done; fewer than planned when training stopped early
     * @param bestStep the step whose weights were kept
     * @param bestLoss validation loss of these weights; negative infinity without a validation set
     */
    public record Outcome(int steps, int bestStep, double bestLoss) {
        /** The best validation loss; null without a validation set. */
        public @Nullable Double validationLoss() {
            return Double.isInfinite(bestLoss) ? null : bestLoss;
        }
    }

    /** Whether a folder holds a run that can be resumed. */
    public static boolean hasBegun(Path directory) {
        return Checkpoint.exists(directory);
    }

    /**
     * Trains to the end and leaves the best weights in the model or adapter.
     *
     * @param resume whether to continue from the directory's checkpoint, if there is one
     * @param progress receives every step; an exception it throws ends the run, and a {@link
     *     CancellationException} also saves a checkpoint of the last step to resume from
     * @throws CairnException when there is a checkpoint and resume is false, when it belongs to
     *     another run, or when the loss is no longer a number
     */
    public static Outcome train(TrainingRun run, boolean resume, Progress progress) {
        if (run.plan().steps() == 0) {
            throw new CairnException(
                    run.directory() + ": the plan has no steps to train; add training data");
        }
        Trainer trainer = new Trainer(run);
        if (Checkpoint.exists(run.directory())) {
            if (!resume) {
                throw new CairnException(
                                run.directory()
                                        + ": contains an earlier run; resume it, choose another output folder, or delete this one")
                        .suggesting("resume", "output");
            }
            Checkpoint.load(run.directory(), run.fingerprint(), trainer.state);
        }
        trainer.loop(progress);
        return new Outcome(
                trainer.state.step(), trainer.state.bestStep(), trainer.state.bestLoss());
    }

    private void loop(Progress progress) {
        if (state.isFinished()) {
            return;
        }
        TrainLog log = TrainLog.open(run.directory(), state.step());
        int steps = run.plan().steps();
        while (state.step() < steps && !isOutOfPatience()) {
            StepLog line = step(steps);
            log.append(line);
            tell(progress, line);
            if (state.step() % run.settings().checkpoints().saveSteps() == 0) {
                save();
            }
        }
        if (run.validation().isEmpty()) {
            state.keep();
        }
        state.finish();
        save();
    }

    private void tell(Progress progress, StepLog line) {
        try {
            progress.step(line);
        } catch (CancellationException e) {
            save();
            throw e;
        }
    }

    private void save() {
        Checkpoint.save(run.directory(), run.fingerprint(), state);
    }

    private boolean isOutOfPatience() {
        return run.settings().checkpoints().endsAfter(state.sinceBest());
    }

    private StepLog step(int steps) {
        long start = System.nanoTime();
        List<List<TokenExample>> batches = run.plan().step(state.step());
        int targets = batches.stream().mapToInt(NextTokenLoss::targets).sum();
        for (Parameter p : state.parameters()) {
            elementwise.clear(p.gradient());
        }
        double sum = 0;
        for (int i = 0; i < batches.size(); i++) {
            sum += train(i, batches.get(i), 1.0 / targets);
        }
        double mean = sum / targets;
        double gradNorm = gradNorm();
        checkFinite("loss", mean, state.step() + 1);
        checkFinite("gradient", gradNorm, state.step() + 1);
        double learningRate = run.settings().schedule().at(state.step(), steps);
        double max = run.settings().optimizer().maxGradNorm();
        double clip = max > 0 && gradNorm > max ? max / gradNorm : 1;
        state.optimizer().step(state.step() + 1, learningRate, clip);
        state.stepDone();
        double seconds = (System.nanoTime() - start) / 1e9;
        Evaluation evaluation = evaluate(steps);
        return new StepLog(
                state.step(),
                steps,
                mean,
                learningRate,
                gradNorm,
                tokens(batches),
                seconds,
                evaluation.valLoss(),
                evaluation.measures());
    }

    private double train(int microBatch, List<TokenExample> examples, double scale) {
        return wholeBase == null
                ? loss.train(pass(microBatch), examples, scale)
                : wholeBase.train(examples, scale);
    }

    /**
     * Ends a run whose loss or gradient is not finite: a run's settings cannot change, so resuming
     * it would only fail again.
     */
    private void checkFinite(String what, double value, int step) {
        if (!Double.isFinite(value)) {
            throw new CairnException(
                            "%s: the %s of step %d is %s; lower learning_rate and start over in another output folder"
                                    .formatted(run.directory(), what, step, value))
                    .suggesting("output");
        }
    }

    private ForwardContext pass(int microBatch) {
        long key = run.settings().seed() * 1_000_003 + state.step() * 1_009L + microBatch;
        ForwardContext pass =
                ForwardContext.dropping(run.model().kernels(), run.adapter(), key, workspace);
        return run.settings().gradientCheckpointing() ? pass.recomputing() : pass;
    }

    private double gradNorm() {
        double sum = 0;
        for (Parameter p : state.parameters()) {
            sum += elementwise.sumOfSquares(p.gradient());
        }
        return Math.sqrt(sum);
    }

    private static int tokens(List<List<TokenExample>> batches) {
        return batches.stream()
                .flatMap(List::stream)
                .mapToInt(example -> example.ids().length)
                .sum();
    }

    private Evaluation evaluate(int steps) {
        boolean due =
                state.step() % run.settings().checkpoints().evalSteps() == 0
                        || state.step() == steps;
        if (!due) {
            return Evaluation.NONE;
        }
        Double valLoss = run.validation().isEmpty() ? null : Double.valueOf(validationLoss());
        Evaluation evaluation = new Evaluation(valLoss, run.measure().take());
        if (!evaluation.equals(Evaluation.NONE)) {
            state.evaluated(evaluation);
        }
        return evaluation;
    }

    private double validationLoss() {
        double sum = 0;
        int targets = 0;
        ForwardContext pass = ForwardContext.inference(run.model().kernels(), run.adapter());
        for (List<TokenExample> batch : run.validation()) {
            sum += loss.evaluate(pass, batch);
            targets += NextTokenLoss.targets(batch);
        }
        double mean = sum / targets;
        checkFinite("validation loss", mean, state.step());
        return mean;
    }
}
