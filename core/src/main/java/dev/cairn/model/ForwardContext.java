package dev.cairn.model;

import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a model: with which kernels, which adapter, and whether for training.
 *
 * @param adapter applied beside the base's weights; null for the base alone
 * @param dropoutKey decides the dropout masks of this walk; null when nothing is dropped
 * @param requiresGrad whether what the way back needs is kept
 * @param workspace where the walk's tensors come from; a walk that ended leaves it to the next
 * @param adapterRows instead of one adapter for all rows, those of rows of several sequences
 */
public record ForwardContext(
        Kernels kernels,
        @Nullable LoraAdapter adapter,
        @Nullable Long dropoutKey,
        boolean requiresGrad,
        Workspace workspace,
        List<AdapterRows> adapterRows) {

    private ForwardContext(
            Kernels kernels,
            @Nullable LoraAdapter adapter,
            @Nullable Long dropoutKey,
            boolean requiresGrad,
            Workspace workspace) {
        this(kernels, adapter, dropoutKey, requiresGrad, workspace, List.of());
    }

    /** A walk there and back that drops nothing. */
    public static ForwardContext of(Kernels kernels, @Nullable LoraAdapter adapter) {
        return new ForwardContext(kernels, adapter, null, true, new Workspace());
    }

    /** A walk there and back with dropout. */
    public static ForwardContext dropping(
            Kernels kernels, @Nullable LoraAdapter adapter, long key, Workspace workspace) {
        return new ForwardContext(kernels, adapter, key, true, workspace);
    }

    /** A walk without a way back. */
    public static ForwardContext inference(Kernels kernels, @Nullable LoraAdapter adapter) {
        return inference(kernels, adapter, new Workspace());
    }

    /** A walk without a way back that leaves its workspace to others. */
    public static ForwardContext inference(
            Kernels kernels, @Nullable LoraAdapter adapter, Workspace workspace) {
        return new ForwardContext(kernels, adapter, null, false, workspace);
    }

    /**
     * A walk of one token of each of several sequences, without a way back.
     *
     * @param kernels those that compute {@link Kernels#eachRowAlone each row alone}
     * @param adapters of each row
     */
    public static ForwardContext step(
            Kernels kernels, List<Optional<LoraAdapter>> adapters, Workspace workspace) {
        List<AdapterRows> groups = AdapterRows.of(adapters);
        boolean isOne = groups.size() == 1 && groups.getFirst().rows().length == adapters.size();
        return isOne
                ? inference(kernels, groups.getFirst().adapter(), workspace)
                : new ForwardContext(kernels, null, null, false, workspace, groups);
    }

    /** The same walk with nothing rounded to less than a float. */
    public ForwardContext inFloat32() {
        return new ForwardContext(
                kernels.inFloat32(), adapter, dropoutKey, requiresGrad, workspace, adapterRows);
    }

    /** The same walk for one of several parts of a batch, each with dropout masks of its own. */
    public ForwardContext piece(int index) {
        Long key = dropoutKey == null || index == 0 ? dropoutKey : Long.valueOf(mixed(index));
        return new ForwardContext(kernels, adapter, key, requiresGrad, workspace, adapterRows);
    }

    private long mixed(int index) {
        return new SplittableRandom(Objects.requireNonNull(dropoutKey) ^ ((long) index << 32))
                .nextLong();
    }

    /** What is taken from here on goes back to the workspace when the frame is closed. */
    public Workspace.Frame frame() {
        return workspace.frame();
    }

    /** A tensor of zeros, to be added to. */
    public Tensor zeros(int rows, int cols) {
        return workspace.zeros(kernels, rows, cols);
    }

    /** A tensor of any values, to be overwritten. */
    public Tensor blank(int rows, int cols) {
        return workspace.blank(kernels, rows, cols);
    }
}
