package dev.cairn.model;

import dev.cairn.format.DType;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.weights.Parameter;
import dev.cairn.support.AtomicFiles;
import dev.cairn.tensor.BFloat16;
import dev.cairn.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes models as Hugging Face directories. */
public final class ModelFiles {
    private ModelFiles() {}

    public static Path write(Path directory, ObjectNode config, CausalLm model, DType dtype) {
        AtomicFiles.writeString(directory.resolve("config.json"), config.toString());
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                Map.of("format", "pt"),
                tensors(model, dtype));
        return directory;
    }

    /** Every other tensor in the second of two files. */
    static Path writeShards(Path directory, ObjectNode config, CausalLm model) {
        AtomicFiles.writeString(directory.resolve("config.json"), config.toString());
        List<SafetensorsTensor> tensors = tensors(model, DType.F32);
        ObjectNode map = JsonMapper.shared().createObjectNode();
        for (int shard = 0; shard < 2; shard++) {
            String name = "model-%05d-of-00002.safetensors".formatted(shard + 1);
            List<SafetensorsTensor> part = new ArrayList<>();
            for (int i = shard; i < tensors.size(); i += 2) {
                part.add(tensors.get(i));
                map.put(tensors.get(i).name(), name);
            }
            SafetensorsWriter.write(directory.resolve(name), Map.of(), part);
        }
        ObjectNode index = JsonMapper.shared().createObjectNode();
        index.set("weight_map", map);
        AtomicFiles.writeString(
                directory.resolve("model.safetensors.index.json"), index.toString());
        return directory;
    }

    public static List<SafetensorsTensor> tensors(CausalLm model, DType dtype) {
        return model.parameters().stream().map(p -> tensor(p, dtype)).toList();
    }

    /** Checkpoints store a vector with one dimension. */
    public static SafetensorsTensor tensor(Parameter parameter, DType dtype) {
        Tensor value = parameter.value();
        boolean isVector = value.rows() == 1;
        long[] shape =
                isVector ? new long[] {value.cols()} : new long[] {value.rows(), value.cols()};
        float[] floats = value.toFloats();
        return switch (dtype) {
            case F32 -> SafetensorsTensor.f32(parameter.name(), floats, shape);
            case BF16 -> SafetensorsTensor.bf16(parameter.name(), floats, shape);
            case F16 -> SafetensorsTensor.raw(parameter.name(), dtype, halves(floats), shape);
            default -> throw new IllegalArgumentException(dtype.name());
        };
    }

    private static MemorySegment halves(float[] floats) {
        byte[] bytes = new byte[2 * floats.length];
        for (int i = 0; i < floats.length; i++) {
            short half = Float.floatToFloat16(floats[i]);
            bytes[2 * i] = (byte) half;
            bytes[2 * i + 1] = (byte) (half >> 8);
        }
        return MemorySegment.ofArray(bytes);
    }

    /** The model as it is once its weights went through a narrower format. */
    static void round(CausalLm model, DType dtype) {
        for (Parameter parameter : model.parameters()) {
            Tensor value = parameter.value();
            for (int r = 0; r < value.rows(); r++) {
                for (int c = 0; c < value.cols(); c++) {
                    value.set(r, c, rounded((float) value.get(r, c), dtype));
                }
            }
        }
    }

    private static float rounded(float value, DType dtype) {
        return switch (dtype) {
            case F32 -> value;
            case BF16 -> BFloat16.toFloat(BFloat16.of(value));
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> throw new IllegalArgumentException(dtype.name());
        };
    }
}
