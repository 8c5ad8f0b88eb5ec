package dev.cairn.tensor.kernel;

import dev.cairn.tensor.CrossEntropy;
import dev.cairn.tensor.Tensor;

/** Reference implementation of {@link CrossEntropy}, written as the formula reads. */
final class ScalarCrossEntropy implements CrossEntropy {
    @Override
    public double lossAndGradient(Tensor logits, int[] targets, double scale) {
        double loss = 0;
        for (int t = 0; t < targets.length; t++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.cols(); i++) {
                max = Math.max(max, logits.get(t, i));
            }
            double sum = 0;
            for (int i = 0; i < logits.cols(); i++) {
                sum += Math.exp(logits.get(t, i) - max);
            }
            double logSumExp = max + Math.log(sum);
            loss += logSumExp - logits.get(t, targets[t]);
            for (int i = 0; i < logits.cols(); i++) {
                double p = Math.exp(logits.get(t, i) - logSumExp);
                logits.set(t, i, scale * (p - (i == targets[t] ? 1 : 0)));
            }
        }
        return loss;
    }
}
