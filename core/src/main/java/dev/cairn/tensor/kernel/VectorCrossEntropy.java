package dev.cairn.tensor.kernel;

import dev.cairn.tensor.CrossEntropy;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;

/** {@link CrossEntropy} for floats: rows in parallel, with their losses summed in order. */
final class VectorCrossEntropy implements CrossEntropy {
    @Override
    public double lossAndGradient(Tensor logits, int[] targets, double scale) {
        float[] values = ((F32Tensor) logits).data;
        int n = logits.cols();
        double[] losses = new double[targets.length];
        ThreadPool.parallel(
                targets.length,
                1,
                (from, to) -> {
                    float[] row = new float[VectorMath.padded(n)];
                    float[] lanes = new float[VectorMath.LANES];
                    for (int t = from; t < to; t++) {
                        losses[t] = one(values, t * n, n, targets[t], (float) scale, row, lanes);
                    }
                });
        double loss = 0;
        for (double one : losses) {
            loss += one;
        }
        return loss;
    }

    private static double one(
            float[] values, int at, int n, int target, float scale, float[] row, float[] lanes) {
        float max = VectorMath.max(values, at, n);
        System.arraycopy(values, at, row, 0, n);
        VectorMath.exp(row, 0, n, max);
        float sum = VectorMath.sum(row, 0, n, lanes);
        double loss = max + Math.log(sum) - values[at + target];
        float factor = scale / sum;
        for (int i = 0; i < n; i++) {
            values[at + i] = row[i] * factor;
        }
        values[at + target] -= scale;
        return loss;
    }
}
