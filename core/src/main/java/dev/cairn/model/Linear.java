package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code y = x·Wᵀ + b}, to which an adapter can add a low-rank update (LoRA, Hu et
 * al. 2021): {@code y += scale · (dropout(x)·Aᵀ)·Bᵀ}.
 *
 * @param name the module's name, without {@code .weight}
 * @param weight {@code [out, in]}
 * @param bias {@code [1, out]}, or null
 */
public record Linear(String name, Parameter weight, @Nullable Parameter bias) {
    public int in() {
        return weight.value().cols();
    }

    public int out() {
        return weight.value().rows();
    }

    /**
     * The result of a forward pass, as the backward pass needs it.
     *
     * @param x input {@code [T, in]}
     * @param y output {@code [T, out]}
     * @param low {@code dropout(x)·Aᵀ} {@code [T, r]}; null without adapter
     */
    public record Result(Tensor x, Tensor y, @Nullable Tensor low) {
        /** The tensors that the backward pass reads besides the gradient. */
        List<Tensor> kept(Linear layer) {
            List<Tensor> kept = keptBesideInput();
            if (layer.weight().isTrained() || low != null) {
                kept.add(x);
            }
            return kept;
        }

        /** The same for a layer whose input is computed again. */
        List<Tensor> keptBesideInput() {
            List<Tensor> kept = new ArrayList<>();
            if (low != null) {
                kept.add(low);
            }
            return kept;
        }

        /** The same result with the input that was computed again. */
        Result of(Tensor input) {
            return new Result(input, y, low);
        }
    }

    public Result forward(ForwardContext pass, Tensor x) {
        pass.betweenProducts().run();
        Kernels k = pass.kernels();
        Tensor y = pass.blank(x.rows(), out());
        k.matmul().forward(x, weight.value(), bias == null ? null : bias.value(), y);
        LoraPair lora = lora(pass);
        if (lora == null) {
            pass.adapterRows().forEach(some -> update(pass, some, x, y));
            return new Result(x, y, null);
        }
        Tensor low = pass.blank(x.rows(), lora.rank());
        k.matmul().forward(dropped(pass, lora, x), lora.a().value(), low, 1, false);
        k.matmul().forward(low, lora.b().value(), y, lora.scale(), true);
        return new Result(x, y, low);
    }

    /** The adapter's input. The backward pass makes it again: several layers share one x. */
    Tensor dropped(ForwardContext pass, LoraPair lora, Tensor x) {
        Long key = dropoutKey(pass, lora);
        if (key == null) {
            return x;
        }
        Tensor dropped = pass.blank(x.rows(), x.cols());
        pass.kernels().elementwise().dropout(x, key, lora.dropout(), dropped);
        return dropped;
    }

    /** Adds an adapter's update to the rows it applies to. */
    private void update(ForwardContext pass, AdapterRows some, Tensor x, Tensor y) {
        LoraPair lora = some.adapter().pair(name);
        if (lora == null) {
            return;
        }
        Kernels k = pass.kernels();
        Tensor xs = Transformer.rows(pass, x, some.rows());
        Tensor ys = Transformer.rows(pass, y, some.rows());
        Tensor low = pass.blank(xs.rows(), lora.rank());
        k.matmul().forward(xs, lora.a().value(), low, 1, false);
        k.matmul().forward(low, lora.b().value(), ys, lora.scale(), true);
        for (int i = 0; i < some.rows().length; i++) {
            k.elementwise().copyRows(ys, i, y, some.rows()[i], 1);
        }
    }

    /**
     * Adds the gradients to all trained weights, and writes the gradient of the input to {@code
     * dx}.
     *
     * @param dy {@code [T, out]}
     * @param dx {@code [T, in]}; null when nothing before this layer is trained
     * @param accumulate whether to add to {@code dx} instead of overwriting it
     */
    public void backward(
            ForwardContext pass,
            Result result,
            Tensor dy,
            @Nullable Tensor dx,
            boolean accumulate) {
        Kernels k = pass.kernels();
        if (weight.isTrained()) {
            k.matmul().backwardWeight(dy, result.x(), weight.gradient(), 1, true);
        }
        if (bias != null && bias.isTrained()) {
            k.elementwise().sumRows(dy, bias.gradient());
        }
        if (dx != null) {
            k.matmul().backwardInput(dy, weight.value(), dx, 1, accumulate);
        }
        LoraPair lora = lora(pass);
        if (lora != null && result.low() != null) {
            loraBackward(pass, lora, result.x(), result.low(), dy, dx);
        }
    }

    private void loraBackward(
            ForwardContext pass,
            LoraPair lora,
            Tensor x,
            Tensor low,
            Tensor dy,
            @Nullable Tensor dx) {
        Kernels k = pass.kernels();
        Tensor dLow = pass.blank(low.rows(), low.cols());
        k.matmul().backwardInput(dy, lora.b().value(), dLow, lora.scale(), false);
        if (lora.b().isTrained()) {
            k.matmul().backwardWeight(dy, low, lora.b().gradient(), lora.scale(), true);
            Tensor dropped = dropped(pass, lora, x);
            k.matmul().backwardWeight(dLow, dropped, lora.a().gradient(), 1, true);
        }
        Long key = dropoutKey(pass, lora);
        if (dx != null && key == null) {
            k.matmul().backwardInput(dLow, lora.a().value(), dx, 1, true);
        } else if (dx != null && key != null) {
            Tensor dDropped = pass.blank(dx.rows(), dx.cols());
            k.matmul().backwardInput(dLow, lora.a().value(), dDropped, 1, false);
            k.elementwise().dropout(dDropped, key, lora.dropout(), dDropped);
            k.elementwise().add(dDropped, dx);
        }
    }

    /** Whether the backward pass adds gradients to any weight of this layer. */
    boolean learns(ForwardContext pass) {
        LoraPair lora = lora(pass);
        return weight.isTrained() || (lora != null && lora.b().isTrained());
    }

    private @Nullable LoraPair lora(ForwardContext pass) {
        LoraAdapter adapter = pass.adapter();
        return adapter == null ? null : adapter.pair(name);
    }

    /**
     * Mixes the key of the pass with the layer's name: neighbouring keys alone would give the same
     * mask, shifted by one place.
     */
    private @Nullable Long dropoutKey(ForwardContext pass, LoraPair lora) {
        Long key = pass.dropoutKey();
        return key == null || lora.dropout() == 0
                ? null
                : Long.valueOf(
                        new SplittableRandom(key + name.hashCode() * 0xD1342543DE82EF95L)
                                .nextLong());
    }
}
