package dev.cairn.train;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Elementwise;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;

/** The mutable state of a run: its progress and its best weights so far. */
final class TrainState {
    private final List<Parameter> parameters;
    private final Optimizer optimizer;
    private final List<Tensor> best;
    private final Elementwise elementwise;
    private int step;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int bestStep;
    private double bestMeasure = Double.NEGATIVE_INFINITY;
    private int sinceBest;
    private boolean finished;

    TrainState(List<Parameter> parameters, Optimizer optimizer, Kernels kernels) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.elementwise = kernels.elementwise();
        this.best =
                parameters.stream()
                        .map(p -> kernels.zeros(p.value().rows(), p.value().cols()))
                        .toList();
        copyToBest();
    }

    void restore(
            int step,
            double bestLoss,
            int bestStep,
            double bestMeasure,
            int sinceBest,
            boolean finished) {
        this.step = step;
        this.bestLoss = bestLoss;
        this.bestStep = bestStep;
        this.bestMeasure = bestMeasure;
        this.sinceBest = sinceBest;
        this.finished = finished;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /** The weights with the lowest validation loss so far. */
    List<Tensor> best() {
        return best;
    }

    /** Steps done. */
    int step() {
        return step;
    }

    double bestLoss() {
        return bestLoss;
    }

    int bestStep() {
        return bestStep;
    }

    /** The highest mean of the run's measures; negative infinity if there are none. */
    double bestMeasure() {
        return bestMeasure;
    }

    /** Evaluations since the last that found a lower loss or higher measures than any before. */
    int sinceBest() {
        return sinceBest;
    }

    boolean isFinished() {
        return finished;
    }

    void stepDone() {
        step++;
    }

    /**
     * Records an evaluation, and keeps a copy of the weights if their loss is the lowest so far.
     */
    void evaluated(Evaluation evaluation) {
        boolean isBetter = evaluation.loss() < bestLoss || evaluation.mean() > bestMeasure;
        sinceBest = isBetter ? 0 : sinceBest + 1;
        bestMeasure = Math.max(bestMeasure, evaluation.mean());
        if (evaluation.loss() < bestLoss) {
            keep(evaluation.loss());
        }
    }

    /** Keeps a copy of the weights whatever their loss, for a run without a validation set. */
    void keep() {
        keep(Double.NEGATIVE_INFINITY);
    }

    private void keep(double loss) {
        bestLoss = loss;
        bestStep = step;
        copyToBest();
    }

    /** Ends the run and restores the best weights. */
    void finish() {
        for (int i = 0; i < best.size(); i++) {
            elementwise.copy(best.get(i), parameters.get(i).value());
        }
        finished = true;
    }

    private void copyToBest() {
        for (int i = 0; i < best.size(); i++) {
            elementwise.copy(parameters.get(i).value(), best.get(i));
        }
    }
}
