package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint: everything a killed run needs to continue as if nothing had happened. It holds the
 * weights, the optimiser's memory, the best weights so far and the run's progress, in one file that
 * is written atomically. Data order and dropout follow from the seed and the step, so they are not
 * stored.
 */
final class Checkpoint {
    private static final String FILE_NAME = "checkpoint.safetensors";

    /** The value and the best value. */
    private static final int TENSORS_PER_PARAMETER = 2;

    private Checkpoint() {}

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE_NAME));
    }

    static void save(Path directory, String fingerprint, TrainState state) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (int i = 0; i < state.parameters().size(); i++) {
            Parameter p = state.parameters().get(i);
            tensors.add(tensor("value/" + p.name(), p.value()));
            tensors.add(tensor("best/" + p.name(), state.best().get(i)));
        }
        state.optimizer().memory().forEach((name, memory) -> tensors.add(tensor(name, memory)));
        Map<String, String> metadata =
                Map.of(
                        "step", Integer.toString(state.step()),
                        "best_loss", Double.toString(state.bestLoss()),
                        "best_step", Integer.toString(state.bestStep()),
                        "best_measure", Double.toString(state.bestMeasure()),
                        "since_best", Integer.toString(state.sinceBest()),
                        "finished", Boolean.toString(state.isFinished()),
                        "fingerprint", fingerprint);
        SafetensorsWriter.write(directory.resolve(FILE_NAME), metadata, tensors);
    }

    private static SafetensorsTensor tensor(String name, Tensor t) {
        return SafetensorsTensor.f32(name, t.toFloats(), t.rows(), t.cols());
    }

    /**
     * Restores a state.
     *
     * @throws CairnException when the checkpoint is damaged or was made with other settings or data
     */
    static void load(Path directory, String fingerprint, TrainState state) {
        Path path = directory.resolve(FILE_NAME);
        try (Safetensors file = Safetensors.open(path)) {
            checkOrigin(path, file, fingerprint, state);
            for (int i = 0; i < state.parameters().size(); i++) {
                Parameter p = state.parameters().get(i);
                read(file, "value/" + p.name(), p.value());
                read(file, "best/" + p.name(), state.best().get(i));
            }
            state.optimizer().memory().forEach((name, memory) -> read(file, name, memory));
            Map<String, String> m = file.metadata();
            state.restore(
                    Integer.parseUnsignedInt(m.getOrDefault("step", "")),
                    Double.parseDouble(m.getOrDefault("best_loss", "")),
                    Integer.parseInt(m.getOrDefault("best_step", "")),
                    // Checkpoints of 0.2 and before have none.
                    Double.parseDouble(m.getOrDefault("best_measure", "-Infinity")),
                    Integer.parseInt(m.getOrDefault("since_best", "")),
                    Boolean.parseBoolean(m.get("finished")));
        } catch (NumberFormatException e) {
            throw unknown(path, e);
        }
    }

    private static void checkOrigin(
            Path path, Safetensors file, String fingerprint, TrainState state) {
        String found = file.metadata().get("fingerprint");
        if (found == null) {
            throw unknown(path, null);
        }
        if (!found.equals(fingerprint)) {
            throw new CairnException(
                            "%s: was made with other settings or data (%s); undo the change, or choose another output folder"
                                    .formatted(path, difference(found, fingerprint)))
                    .suggesting("output");
        }
        int expected =
                TENSORS_PER_PARAMETER * state.parameters().size()
                        + state.optimizer().memory().size();
        if (file.names().size() != expected) {
            throw new CairnException(
                            "%s: expected the %d tensors of this model, found %d; choose another output folder"
                                    .formatted(path, expected, file.names().size()))
                    .suggesting("output");
        }
    }

    private static CairnException unknown(Path path, @Nullable Throwable cause) {
        return new CairnException(
                path + ": not a Cairn checkpoint; delete it to start over", cause);
    }

    private static void read(Safetensors file, String name, Tensor into) {
        float[] values = file.entry(name).expectShape(into.rows(), into.cols()).toFloats();
        System.arraycopy(values, 0, ((F32Tensor) into).data(), 0, values.length);
    }

    /** The first line that differs, old and new. */
    private static String difference(String before, String now) {
        List<String> a = before.lines().toList();
        List<String> b = now.lines().toList();
        int i = 0;
        while (i < a.size() && i < b.size() && a.get(i).equals(b.get(i))) {
            i++;
        }
        return "then %s, now %s"
                .formatted(
                        i < a.size() ? a.get(i) : "nothing", i < b.size() ? b.get(i) : "nothing");
    }
}
