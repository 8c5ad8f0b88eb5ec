package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.model.Linear;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Muon (Jordan 2024, "Muon: An optimizer for hidden layers in neural networks"): the momentum of a
 * matrix is made orthogonal before it is applied, so that rare directions are learnt as fast as
 * frequent ones. Steps are as long as AdamW's would be (Liu et al. 2025, "Muon is Scalable for LLM
 * Training", section 2.2), so one learning rate serves both. The order is that of PyTorch's
 * implementation with {@code match_rms_adamw}, which however rounds to bfloat16.
 */
final class Muon implements Optimizer {
    private static final double MOMENTUM = 0.95;

    /** Root mean square of AdamW's usual updates (Liu et al. 2025). */
    private static final double USUAL_UPDATE = 0.2;

    private final double weightDecay;
    private final Map<Parameter, Tensor> momenta = new LinkedHashMap<>();
    private final AdamW others;
    private final Kernels kernels;
    private final NewtonSchulz newtonSchulz;

    /**
     * @param hidden the matrices that are Muon's
     * @param others updates all other weights
     */
    Muon(double weightDecay, List<Parameter> hidden, AdamW others, Kernels kernels) {
        this.weightDecay = weightDecay;
        this.others = others;
        this.kernels = kernels;
        this.newtonSchulz = new NewtonSchulz(kernels);
        for (Parameter p : hidden) {
            momenta.put(p, kernels.zeros(p.value().rows(), p.value().cols()));
        }
    }

    /** For the weights of a model's linear layers; AdamW for embedding, head, gains and biases. */
    static Muon of(TrainingRun run, List<Parameter> trained) {
        Set<String> linears =
                run.model().linears().stream()
                        .map(Linear::weight)
                        .map(Parameter::name)
                        .collect(Collectors.toSet());
        List<Parameter> hidden = trained.stream().filter(p -> linears.contains(p.name())).toList();
        List<Parameter> rest = trained.stream().filter(p -> !linears.contains(p.name())).toList();
        AdamWConfig settings = run.settings().optimizer();
        Kernels kernels = run.model().kernels();
        AdamW others = new AdamW(settings, rest, run::decays, kernels);
        return new Muon(settings.weightDecay(), hidden, others, kernels);
    }

    @Override
    public SequencedMap<String, Tensor> memory() {
        SequencedMap<String, Tensor> memory = others.memory();
        momenta.forEach((p, momentum) -> memory.put("momentum/" + p.name(), momentum));
        return memory;
    }

    @Override
    public void step(int step, double learningRate, double gradientScale) {
        List<Map.Entry<Parameter, Tensor>> hidden = List.copyOf(momenta.entrySet());
        // A small matrix does not keep several threads busy.
        ThreadPool.chunks(
                hidden.size(),
                1,
                (from, to) -> {
                    for (var one : hidden.subList(from, to)) {
                        update(one.getKey(), one.getValue(), learningRate, gradientScale);
                    }
                });
        others.step(step, learningRate, gradientScale);
    }

    private void update(Parameter p, Tensor momentum, double learningRate, double gradientScale) {
        Tensor value = p.value();
        Tensor ahead = lookAhead(p.gradient(), momentum, gradientScale);
        Tensor direction = newtonSchulz.orthogonal(ahead);
        double shrink = 1 - learningRate * weightDecay;
        double length =
                learningRate * USUAL_UPDATE * Math.sqrt(Math.max(value.rows(), value.cols()));
        each(
                value,
                (r, c) -> value.set(r, c, value.get(r, c) * shrink - length * direction.get(r, c)));
    }

    /** Nesterov's momentum: the gradient, moved towards the mean that it has just changed. */
    private Tensor lookAhead(Tensor gradient, Tensor momentum, double scale) {
        Tensor ahead = kernels.zeros(momentum.rows(), momentum.cols());
        each(
                momentum,
                (r, c) -> {
                    double g = gradient.get(r, c) * scale;
                    momentum.set(r, c, MOMENTUM * momentum.get(r, c) + (1 - MOMENTUM) * g);
                    ahead.set(r, c, MOMENTUM * momentum.get(r, c) + (1 - MOMENTUM) * g);
                });
        return ahead;
    }

    /** What is done to one value. */
    private interface Cell {
        void at(int row, int col);
    }

    private static void each(Tensor shape, Cell cell) {
        for (int r = 0; r < shape.rows(); r++) {
            for (int c = 0; c < shape.cols(); c++) {
                cell.at(r, c);
            }
        }
    }
}
