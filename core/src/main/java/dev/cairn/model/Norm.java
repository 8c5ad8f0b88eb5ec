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
