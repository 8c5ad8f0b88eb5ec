package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A normalisation of each row: by mean and variance, or by the root mean square alone. */
sealed interface Norm {
    /**
     * The result of a forward pass, as the backward pass needs it: input, output {@code [T,
     * hidden]}, statistics {@code [T, 2]}.
     */
    record Result(Tensor x, Tensor y, Tensor stats) {}

    Result forward(ForwardContext pass, Tensor x);

    /** Adds the gradient of the input to {@code dx}, and the gradients to trained weights. */
    void backward(ForwardContext pass, Result result, Tensor dy, Tensor dx);

    /** LayerNorm with gain and bias. */
    record Layer(Parameter gain, Parameter bias, double eps) implements Norm {
        @Override
        public Result forward(ForwardContext pass, Tensor x) {
            Tensor y = pass.blank(x.rows(), x.cols());
            Tensor stats = pass.blank(x.rows(), 2);
            pass.kernels().norms().layerNorm(x, gain.value(), bias.value(), eps, y, stats);
            return new Result(x, y, stats);
        }

        @Override
        public void backward(ForwardContext pass, Result r, Tensor dy, Tensor dx) {
            @Nullable Tensor dGain = gain.grad();
            pass.kernels()
                    .norms()
                    .layerNormBackward(r.x(), gain.value(), r.stats(), dy, dx, dGain, bias.grad());
        }
    }

    /**
     * RMSNorm whose gain is one plus its weights (Gemma).
     *
     * @param offset what is added to one; zeros in an untrained model
     */
    record OffsetRms(Parameter offset, double eps) implements Norm {
        @Override
        public Result forward(ForwardContext pass, Tensor x) {
            Tensor y = pass.blank(x.rows(), x.cols());
            Tensor stats = pass.blank(x.rows(), 2);
            pass.kernels().norms().rmsNorm(x, gain(pass), eps, y, stats);
            return new Result(x, y, stats);
        }

        @Override
        public void backward(ForwardContext pass, Result r, Tensor dy, Tensor dx) {
            pass.kernels()
                    .norms()
                    .rmsNormBackward(r.x(), gain(pass), r.stats(), dy, dx, offset.grad());
        }

        /** Computed anew in each pass, since training changes the weights. */
        private Tensor gain(ForwardContext pass) {
            int size = offset.value().cols();
            Tensor gain = pass.blank(1, size);
            for (int c = 0; c < size; c++) {
                gain.set(0, c, 1 + offset.value().get(0, c));
            }
            return gain;
        }
    }

    /** Another norm whose output is multiplied by a constant. */
    record Scaled(Norm norm, double factor) implements Norm {
        @Override
        public Result forward(ForwardContext pass, Tensor x) {
            Result result = norm.forward(pass, x);
            pass.kernels().elementwise().scale(result.y(), factor);
            return result;
        }

        @Override
        public void backward(ForwardContext pass, Result r, Tensor dy, Tensor dx) {
            Tensor scaled = pass.blank(dy.rows(), dy.cols());
            pass.kernels().elementwise().copy(dy, scaled);
            pass.kernels().elementwise().scale(scaled, factor);
            norm.backward(pass, r, scaled, dx);
        }
    }

    /** RMSNorm with gain. */
    record Rms(Parameter gain, double eps) implements Norm {
        @Override
        public Result forward(ForwardContext pass, Tensor x) {
            Tensor y = pass.blank(x.rows(), x.cols());
            Tensor stats = pass.blank(x.rows(), 2);
            pass.kernels().norms().rmsNorm(x, gain.value(), eps, y, stats);
            return new Result(x, y, stats);
        }

        @Override
        public void backward(ForwardContext pass, Result r, Tensor dy, Tensor dx) {
            pass.kernels()
                    .norms()
                    .rmsNormBackward(r.x(), gain.value(), r.stats(), dy, dx, gain.grad());
        }
    }
}
