package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), in the order of PyTorch's
 * implementation.
 */
final class AdamW implements Optimizer {
    private static final int GRAIN = 1 << 12;

    private final AdamWConfig settings;
    private final List<Parameter> parameters;
    private final Predicate<Parameter> decays;
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();

    /**
     * @param decays selects the weights that weight decay applies to
     */
    AdamW(
            AdamWConfig settings,
            List<Parameter> parameters,
            Predicate<Parameter> decays,
            Kernels kernels) {
        this.settings = settings;
        this.parameters = parameters;
        this.decays = decays;
        for (Parameter p : parameters) {
            means.add(kernels.zeros(p.value().rows(), p.value().cols()));
            squares.add(kernels.zeros(p.value().rows(), p.value().cols()));
        }
    }

    /** First moments, one per parameter. */
    List<Tensor> means() {
        return means;
    }

    /** Second moments, one per parameter. */
    List<Tensor> squares() {
        return squares;
    }

    @Override
    public SequencedMap<String, Tensor> memory() {
        SequencedMap<String, Tensor> memory = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            memory.put("mean/" + parameters.get(i).name(), means.get(i));
            memory.put("square/" + parameters.get(i).name(), squares.get(i));
        }
        return memory;
    }

    @Override
    public void step(int step, double learningRate, double gradientScale) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            double decay = decays.test(p) ? settings.weightDecay() : 0;
            Update update = new Update(step, learningRate, gradientScale, decay);
            if (p.value() instanceof F32Tensor value
                    && p.gradient() instanceof F32Tensor grad
                    && means.get(i) instanceof F32Tensor mean
                    && squares.get(i) instanceof F32Tensor square) {
                ThreadPool.parallel(
                        value.data().length,
                        GRAIN,
                        (from, to) ->
                                update.floats(
                                        value.data(),
                                        grad.data(),
                                        mean.data(),
                                        square.data(),
                                        from,
                                        to));
            } else {
                update.any(p.value(), p.gradient(), means.get(i), squares.get(i));
            }
        }
    }

    private final class Update {
        private final double beta1 = settings.adamBeta1();
        private final double beta2 = settings.adamBeta2();
        private final double eps = settings.adamEpsilon();
        private final double scale;
        private final double shrink;
        private final double stepSize;
        private final double sqrtCorrection2;

        Update(int step, double learningRate, double scale, double decay) {
            this.scale = scale;
            this.shrink = 1 - learningRate * decay;
            this.stepSize = learningRate / (1 - Math.pow(beta1, step));
            this.sqrtCorrection2 = Math.sqrt(1 - Math.pow(beta2, step));
        }

        void floats(float[] value, float[] grad, float[] mean, float[] square, int from, int to) {
            float keep1 = (float) beta1;
            float keep2 = (float) beta2;
            // 1 - 0.999f has a relative error of 1e-5: subtract first, then round.
            float add1 = (float) (1 - beta1);
            float add2 = (float) (1 - beta2);
            for (int i = from; i < to; i++) {
                float g = grad[i] * (float) scale;
                mean[i] = keep1 * mean[i] + add1 * g;
                square[i] = keep2 * square[i] + add2 * g * g;
                float denominator =
                        (float) Math.sqrt(square[i]) / (float) sqrtCorrection2 + (float) eps;
                value[i] = value[i] * (float) shrink - (float) stepSize * mean[i] / denominator;
            }
        }

        void any(Tensor value, Tensor grad, Tensor mean, Tensor square) {
            for (int r = 0; r < value.rows(); r++) {
                for (int c = 0; c < value.cols(); c++) {
                    double g = grad.get(r, c) * scale;
                    mean.set(r, c, beta1 * mean.get(r, c) + (1 - beta1) * g);
                    square.set(r, c, beta2 * square.get(r, c) + (1 - beta2) * g * g);
                    double denominator = Math.sqrt(square.get(r, c)) / sqrtCorrection2 + eps;
                    value.set(
                            r,
                            c,
                            value.get(r, c) * shrink - stepSize * mean.get(r, c) / denominator);
                }
            }
        }
    }
}
