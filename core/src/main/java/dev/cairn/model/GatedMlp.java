package dev.cairn.model;

import dev.cairn.tensor.Activations;
import dev.cairn.tensor.Elementwise;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A gated feed-forward layer (Shazeer 2020): {@code y = down(activation(gate(x)) · up(x))}.
 *
 * @param inputs gate and up, or one layer that computes both, the gate first
 */
record GatedMlp(List<Linear> inputs, Linear down, Gate gate) {
    /** The activation of the gate. */
    enum Gate {
        SILU,
        GELU_TANH;

        private void forward(Activations kernels, Tensor gate, Tensor up, Tensor y) {
            switch (this) {
                case SILU -> kernels.swiGlu(gate, up, y);
                case GELU_TANH -> kernels.geGlu(gate, up, y);
            }
        }

        private void backward(
                Activations kernels, Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
            switch (this) {
                case SILU -> kernels.swiGluBackward(gate, up, dy, dGate, dUp);
                case GELU_TANH -> kernels.geGluBackward(gate, up, dy, dGate, dUp);
            }
        }
    }

    /** What the backward pass needs; each row is a token. */
    record Result(List<Linear.Result> inputs, Tensor gate, Tensor up, Linear.Result down) {
        /** Output {@code [T, hidden]}. */
        Tensor y() {
            return down.y();
        }
    }

    Result forward(ForwardContext pass, Tensor x) {
        List<Linear.Result> computed = inputs.stream().map(l -> l.forward(pass, x)).toList();
        List<Tensor> halves = computed.stream().map(Linear.Result::y).toList();
        if (isFused()) {
            halves = halves(pass, halves.getFirst());
        }
        Tensor active = active(pass, halves.getFirst(), halves.getLast());
        return new Result(
                computed, halves.getFirst(), halves.getLast(), down.forward(pass, active));
    }

    /** The input of the last layer: cheap, and as wide as the layer; so it is not kept. */
    private Tensor active(ForwardContext pass, Tensor gated, Tensor raised) {
        Tensor active = pass.blank(gated.rows(), down.in());
        gate.forward(pass.kernels().activations(), gated, raised, active);
        return active;
    }

    /** The tensors that the backward pass reads. */
    List<Tensor> kept(Result r) {
        List<Tensor> kept = new ArrayList<>(List.of(r.gate(), r.up()));
        for (int i = 0; i < inputs.size(); i++) {
            kept.addAll(r.inputs().get(i).kept(inputs.get(i)));
        }
        kept.addAll(r.down().keptBesideInput());
        return kept;
    }

    /** Adds the gradients to all trained weights, and returns the gradient of the input. */
    Tensor backward(ForwardContext pass, Result r, Tensor dy) {
        Tensor dActive = pass.blank(dy.rows(), down.in());
        Linear.Result again =
                down.learns(pass) ? r.down().of(active(pass, r.gate(), r.up())) : r.down();
        down.backward(pass, again, dy, dActive, false);
        Tensor dGate = pass.blank(dy.rows(), down.in());
        Tensor dUp = pass.blank(dy.rows(), down.in());
        gate.backward(pass.kernels().activations(), r.gate(), r.up(), dActive, dGate, dUp);
        Tensor dx = pass.blank(dy.rows(), inputs.getFirst().in());
        List<Tensor> gradients =
                isFused() ? List.of(joined(pass, dGate, dUp)) : List.of(dGate, dUp);
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).backward(pass, r.inputs().get(i), gradients.get(i), dx, i > 0);
        }
        return dx;
    }

    private boolean isFused() {
        return inputs.size() == 1;
    }

    private List<Tensor> halves(ForwardContext pass, Tensor both) {
        int width = down.in();
        Elementwise columns = pass.kernels().elementwise();
        Tensor gated = pass.blank(both.rows(), width);
        Tensor raised = pass.blank(both.rows(), width);
        columns.copyColumns(both, 0, gated, 0, width);
        columns.copyColumns(both, width, raised, 0, width);
        return List.of(gated, raised);
    }

    private Tensor joined(ForwardContext pass, Tensor dGate, Tensor dUp) {
        int width = down.in();
        Elementwise columns = pass.kernels().elementwise();
        Tensor both = pass.blank(dGate.rows(), 2 * width);
        columns.copyColumns(dGate, 0, both, 0, width);
        columns.copyColumns(dUp, 0, both, width, width);
        return both;
    }

    List<Linear> linears() {
        List<Linear> linears = new ArrayList<>(inputs);
        linears.add(down);
        return linears;
    }
}
