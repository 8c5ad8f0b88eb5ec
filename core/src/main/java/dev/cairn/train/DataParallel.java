package dev.cairn.train;

import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Workspace;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Elementwise;
import dev.cairn.tensor.ThreadPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Forward and backward passes over the batches of a base that is trained, with the examples of a
 * batch shared out among replicas of the model, which run side by side. The products of a small
 * model are too small to keep several threads busy one after the other.
 *
 * <p>Which replica gets an example depends on the batch alone, and gradients are added up in a
 * fixed order, so the result has the same bits for any number of threads.
 */
final class DataParallel {
    /** One replica of the model with what a pass needs. */
    private record Replica(CausalLm model, NextTokenLoss loss, Workspace workspace) {
        static Replica of(CausalLm model) {
            return new Replica(model, new NextTokenLoss(model), new Workspace());
        }

        double train(List<TokenExample> examples, double scale) {
            ForwardContext pass = ForwardContext.dropping(model.kernels(), null, 0, workspace);
            return loss.train(pass, examples, scale);
        }
    }

    private final List<Replica> replicas = new ArrayList<>();

    /**
     * @param model all its weights are trained
     */
    DataParallel(CausalLm model) {
        long floats =
                model.parameters().stream()
                        .mapToLong(p -> (long) p.value().rows() * p.value().cols())
                        .sum();
        replicas.add(Replica.of(model));
        while (replicas.size() < CausalLm.replicas(floats)) {
            replicas.add(Replica.of(model.replica()));
        }
    }

    /** Summed loss; adds the gradients of {@code scale · loss} to the model's. */
    double train(List<TokenExample> batch, double scale) {
        List<List<TokenExample>> shares = shares(batch);
        double[] losses = new double[shares.size()];
        ThreadPool.chunks(
                shares.size(),
                1,
                (from, to) -> {
                    for (int i = from; i < to; i++) {
                        losses[i] = replicas.get(i).train(shares.get(i), scale);
                    }
                });
        double loss = losses[0];
        for (int i = 1; i < losses.length; i++) {
            loss += losses[i];
            collect(replicas.get(i).model());
        }
        return loss;
    }

    /** Adds a replica's gradients to the model's and clears them. */
    private void collect(CausalLm replica) {
        Elementwise elementwise = replica.kernels().elementwise();
        List<Parameter> all = replicas.getFirst().model().parameters();
        for (int i = 0; i < all.size(); i++) {
            Parameter part = replica.parameters().get(i);
            elementwise.add(part.gradient(), all.get(i).gradient());
            elementwise.clear(part.gradient());
        }
    }

    /** From the longest example on, each to whoever has the fewest tokens. */
    private List<List<TokenExample>> shares(List<TokenExample> batch) {
        int count = Math.min(replicas.size(), batch.size());
        List<List<TokenExample>> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
        }
        int[] tokens = new int[count];
        batch.stream()
                .sorted(Comparator.comparingInt((TokenExample e) -> e.ids().length).reversed())
                .forEach(example -> {
                    int least = 0;
                    for (int i = 1; i < count; i++) {
                        least = tokens[i] < tokens[least] ? i : least;
                    }
                    shares.get(least).add(example);
                    tokens[least] += example.ids().length;
                });
        return shares;
    }
}
