package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one forward pass: its kernels, its adapter, and whether it is for training.
 *
 * @param adapter applied on top of the base's weights; null for the base alone
 * @param dropoutKey determines the dropout masks of this pass; null for no dropout
 * @param requiresGrad whether to keep what the backward pass needs
 * @param workspace where the tensors of the pass come from; reused by later passes
 * @param adapterRows the adapters of a batch of several sequences, with their rows; replaces {@code
 *     adapter}
 * @param recomputes whether the backward pass computes every layer again instead of keeping what it
 *     needs (gradient checkpointing, Chen et al. 2016, arXiv 1604.06174); the bits are the same
 * @param betweenProducts called before every product with weights; may run other passes in the same
 *     workspace
 */
public record ForwardContext(
        Kernels kernels,
        @Nullable LoraAdapter adapter,
        @Nullable Long dropoutKey,
        boolean requiresGrad,
        Workspace workspace,
        List<AdapterRows> adapterRows,
        boolean recomputes,
        Runnable betweenProducts) {
    private static final Runnable NOTHING = () -> {};

    private ForwardContext(
            Kernels kernels,
            @Nullable LoraAdapter adapter,
            @Nullable Long dropoutKey,
            boolean requiresGrad,
            Workspace workspace) {
        this(kernels, adapter, dropoutKey, requiresGrad, workspace, List.of(), false, NOTHING);
    }

    /** A forward and backward pass without dropout. */
    public static ForwardContext of(Kernels kernels, @Nullable LoraAdapter adapter) {
        return new ForwardContext(kernels, adapter, null, true, new Workspace());
    }

    /** A forward and backward pass with dropout. */
    public static ForwardContext dropping(
            Kernels kernels, @Nullable LoraAdapter adapter, long key, Workspace workspace) {
        return new ForwardContext(kernels, adapter, key, true, workspace);
    }

    /** A forward pass only. */
    public static ForwardContext inference(Kernels kernels, @Nullable LoraAdapter adapter) {
        return inference(kernels, adapter, new Workspace());
    }

    /** A forward pass only, in a workspace that other passes share. */
    public static ForwardContext inference(
            Kernels kernels, @Nullable LoraAdapter adapter, Workspace workspace) {
        return new ForwardContext(kernels, adapter, null, false, workspace);
    }

    /**
     * A forward pass over one token of each of several sequences.
     *
     * @param kernels must compute {@link Kernels#eachRowAlone each row alone}
     * @param adapters one for each row; empty for the base alone
     */
    public static ForwardContext step(
            Kernels kernels, List<Optional<LoraAdapter>> adapters, Workspace workspace) {
        List<AdapterRows> groups = AdapterRows.of(adapters);
        boolean isOne = groups.size() == 1 && groups.getFirst().rows().length == adapters.size();
        return isOne
                ? inference(kernels, groups.getFirst().adapter(), workspace)
                : new ForwardContext(kernels, null, null, false, workspace, groups, false, NOTHING);
    }

    private ForwardContext with(
            Kernels otherKernels, @Nullable Long key, boolean recomputing, Runnable between) {
        return new ForwardContext(
                otherKernels,
                adapter,
                key,
                requiresGrad,
                workspace,
                adapterRows,
                recomputing,
                between);
    }

    /** The same pass with nothing rounded to less than float32. */
    public ForwardContext inFloat32() {
        return with(kernels.inFloat32(), dropoutKey, recomputes, betweenProducts);
    }

    /** The same pass, in which the backward pass computes every layer again. */
    public ForwardContext recomputing() {
        return with(kernels, dropoutKey, true, betweenProducts);
    }

    /** The same pass, with something to do between its products. */
    public ForwardContext pausing(Runnable between) {
        return with(kernels, dropoutKey, recomputes, between);
    }

    /** The same pass for one of several parts of a batch; each part has its own dropout masks. */
    public ForwardContext piece(int index) {
        Long key = dropoutKey == null || index == 0 ? dropoutKey : Long.valueOf(mixed(index));
        return with(kernels, key, recomputes, betweenProducts);
    }

    private long mixed(int index) {
        return new SplittableRandom(Objects.requireNonNull(dropoutKey) ^ ((long) index << 32))
                .nextLong();
    }

    /** Opens a frame: tensors taken from now on return to the workspace when it is closed. */
    public Workspace.Frame frame() {
        return workspace.frame();
    }

    /** A tensor of zeros, for accumulation. */
    public Tensor zeros(int rows, int cols) {
        return workspace.zeros(kernels, rows, cols);
    }

    /** A tensor with undefined contents, to be overwritten. */
    public Tensor blank(int rows, int cols) {
        return workspace.blank(kernels, rows, cols);
    }
}
