package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.format.DType;
import dev.cairn.format.Safetensors;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.BFloat16;
import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tensors of the base that an adapter's file holds whole: PEFT saves embedding and head beside the
 * LoRA matrices once it has resized or trained them ({@code save_embedding_layers}, {@code
 * modules_to_save}), and as a precaution. Where they are the base's own, they change nothing.
 */
final class WholeTensors {
    private static final String WEIGHT = ".weight";

    private WholeTensors() {}

    /**
     * Whether a tensor is a copy of one that the base has.
     *
     * @param module name of the tensor within the base
     * @return false if the base has no such tensor
     * @throws CairnException if the base has one, but another
     */
    static boolean isCopy(Safetensors.Entry entry, String module, CausalLm base) {
        Parameter own = own(module, base);
        if (own == null) {
            return false;
        }
        String what =
                isEmbeddingOrHead(module, base) ? "a whole embedding or head" : "whole weights";
        if (!isExact(own.value())) {
            throw refused(
                    entry, what + ", which cannot be compared with the base's in this format");
        }
        Tensor value = own.value();
        long[] shape = entry.shape();
        long rows = shape.length == 1 ? 1 : shape[0];
        if (rows != value.rows() || entry.size() != (long) value.rows() * value.cols()) {
            throw refused(
                    entry,
                    "%s of shape %s, where the base has [%d, %d]"
                            .formatted(what, Arrays.toString(shape), value.rows(), value.cols()));
        }
        if (!isEqual(entry, value)) {
            throw refused(entry, what + ", other than the base's");
        }
        return true;
    }

    private static boolean isExact(Tensor value) {
        return switch (value) {
            case F32Tensor f32 -> true;
            case F64Tensor f64 -> true;
            case MappedTensor mapped -> true;
            case BlockTensor blocks -> false;
            case Int8Tensor int8 -> false;
            case Int4Tensor int4 -> false;
        };
    }

    private static @Nullable Parameter own(String module, CausalLm base) {
        // A head that is tied to the embedding is not among the parameters.
        if (module.equals(base.head().name() + WEIGHT)) {
            return base.head().weight();
        }
        return base.parameters().stream()
                .filter(parameter -> parameter.name().equals(module))
                .findFirst()
                .orElse(null);
    }

    private static boolean isEmbeddingOrHead(String module, CausalLm base) {
        return module.equals(base.head().name() + WEIGHT)
                || module.equals(base.parameters().getFirst().name());
    }

    private static boolean isEqual(Safetensors.Entry entry, Tensor value) {
        float[] saved = new float[value.cols()];
        float[] own = new float[value.cols()];
        for (int row = 0; row < value.rows(); row++) {
            entry.read(row, saved);
            value.read(row, 0, own.length, own, 0);
            for (int i = 0; i < own.length; i++) {
                if (rounded(own[i], entry.dtype()) != saved[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** An adapter may be saved in a narrower format than its base. */
    private static float rounded(float value, DType dtype) {
        return switch (dtype) {
            case BF16 -> BFloat16.toFloat(BFloat16.of(value));
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> value;
        };
    }

    private static CairnException refused(Safetensors.Entry entry, String what) {
        return new CairnException(
                "%s: tensor %s: %s; Cairn reads LoRA matrices only, so merge the adapter into its base with PEFT (merge_and_unload) and use the merged model"
                        .formatted(entry.file(), entry.name(), what));
    }
}
