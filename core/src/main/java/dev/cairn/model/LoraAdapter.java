package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import dev.cairn.format.Safetensors;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.weights.Parameter;
import dev.cairn.support.Sha256;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter (Hu et al. 2021) in PEFT's format: a pair of small matrices for each layer it
 * changes. It holds no reference to a base, so one base can serve many adapters.
 */
public final class LoraAdapter {
    private static final String PREFIX = "base_model.model.";
    private static final String WEIGHTS_FILE = "adapter_model.safetensors";

    private final PeftConfig config;
    private final Map<String, LoraPair> pairs;

    private LoraAdapter(PeftConfig config, Map<String, LoraPair> pairs) {
        this.config = config;
        this.pairs = pairs;
    }

    /**
     * Creates an untrained adapter that changes nothing yet: A is uniform in ±1/√in, as in PEFT
     * (kaiming-uniform with a = √5), and B is zero.
     *
     * @throws CairnException if the target modules, any one of several names, or a rank or alpha
     *     pattern matches no layer of the model
     */
    public static LoraAdapter fresh(CausalLm model, PeftConfig config, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Kernels kernels = model.kernels();
        Map<String, LoraPair> pairs = new LinkedHashMap<>();
        List<Linear> targets = targets(model, config, "lora_target_modules");
        refuseNamesOfNothing(model, config);
        refusePatternsOfNothing(targets, config);
        for (Linear linear : targets) {
            int r = config.rank(linear.name());
            Tensor a = kernels.zeros(r, linear.in());
            double bound = 1 / Math.sqrt(linear.in());
            for (int i = 0; i < r; i++) {
                for (int j = 0; j < linear.in(); j++) {
                    a.set(i, j, random.nextDouble(-bound, bound));
                }
            }
            Parameter lowA = new Parameter(nameA(linear.name()), a, kernels.zeros(r, linear.in()));
            Parameter lowB =
                    new Parameter(
                            nameB(linear.name()),
                            kernels.zeros(linear.out(), r),
                            kernels.zeros(linear.out(), r));
            pairs.put(linear.name(), pair(config, linear, lowA, lowB));
        }
        return new LoraAdapter(config, pairs);
    }

    /**
     * Reads a PEFT directory for a given base.
     *
     * @throws CairnException if a file is missing or damaged, requires a feature that Cairn does
     *     not support, or does not fit the base
     */
    public static LoraAdapter open(Path directory, CausalLm model) {
        refusePickle(directory);
        Path configFile = directory.resolve(PeftConfig.FILE_NAME);
        PeftConfig config = PeftConfig.read(configFile);
        checkPatterns(configFile, config, model);
        Map<String, LoraPair> pairs = new LinkedHashMap<>();
        try (Safetensors file = Safetensors.open(directory.resolve(WEIGHTS_FILE))) {
            Set<String> unused = new TreeSet<>(file.names());
            for (Linear linear : targets(model, config, configFile + ": target_modules")) {
                int r = config.rank(linear.name());
                Parameter a = read(file, nameA(linear.name()), r, linear.in());
                Parameter b = read(file, nameB(linear.name()), linear.out(), r);
                unused.remove(a.name());
                unused.remove(b.name());
                pairs.put(linear.name(), pair(config, linear, a, b));
            }
            unused.removeIf(name -> isCopy(file, name, model));
            if (!unused.isEmpty()) {
                throw new CairnException(
                        "%s: tensor %s belongs to no layer of the base; the adapter was made for another model"
                                .formatted(
                                        directory.resolve(WEIGHTS_FILE), unused.iterator().next()));
            }
        }
        return new LoraAdapter(config, pairs);
    }

    private static boolean isCopy(Safetensors file, String name, CausalLm model) {
        return name.startsWith(PREFIX)
                && WholeTensors.isCopy(file.entry(name), name.substring(PREFIX.length()), model);
    }

    /** Checks that every pattern can be matched in reasonable time; the error names the file. */
    private static void checkPatterns(Path file, PeftConfig config, CausalLm model) {
        try {
            config.targets(model.head().name(), true);
            for (Linear linear : model.linears()) {
                config.targets(linear.name(), false);
                config.scale(linear.name());
            }
        } catch (CairnException e) {
            throw e.at(file);
        }
    }

    private static void refusePickle(Path directory) {
        if (!exists(directory) && Files.exists(directory.resolve("adapter_model.bin"))) {
            throw new CairnException(
                    "%s: holds its weights as adapter_model.bin, which can run code when opened; load it with PEFT and save it again to get %s"
                            .formatted(directory, WEIGHTS_FILE));
        }
    }

    /** Whether a directory holds an adapter's weights. */
    public static boolean exists(Path directory) {
        return Files.exists(weightsFile(directory));
    }

    /** The file of a directory that holds an adapter's weights. */
    public static Path weightsFile(Path directory) {
        return directory.resolve(WEIGHTS_FILE);
    }

    /** SHA-256 of an adapter's weights file, in hex; identifies the adapter in a trace. */
    public static String digest(Path directory) {
        return Sha256.ofFiles(List.of(weightsFile(directory))).hex();
    }

    private static Parameter read(Safetensors file, String name, int rows, int cols) {
        float[] values = file.entry(name).expectShape(rows, cols).toFloats();
        return new Parameter(name, F32Tensor.of(values, rows, cols), null);
    }

    /**
     * Rejects names that match no layer: one misspelt name among correct ones would silently train
     * fewer layers.
     */
    private static void refuseNamesOfNothing(CausalLm model, PeftConfig config) {
        if (config.targetModules() instanceof TargetModules.Names(List<String> names)) {
            for (String name : names) {
                TargetModules one = TargetModules.names(name);
                if (model.linears().stream().noneMatch(l -> one.matches(l.name(), false))) {
                    throw matchesNothing(model, one, "lora_target_modules");
                }
            }
        }
    }

    private static void refusePatternsOfNothing(List<Linear> targets, PeftConfig config) {
        for (String pattern : config.patterns()) {
            if (targets.stream().noneMatch(l -> PeftConfig.matches(pattern, l.name()))) {
                throw new CairnException(
                        "rank_pattern, alpha_pattern: %s matches no layer that carries an adapter; the first layer with one is %s"
                                .formatted(pattern, targets.getFirst().name()));
            }
        }
    }

    private static List<Linear> targets(CausalLm model, PeftConfig config, String where) {
        String head = model.head().name();
        if (config.targets(head, true)) {
            throw new CairnException(
                    "%s: the output head %s cannot carry an adapter; choose from these layers: %s"
                            .formatted(where, head, layers(model)));
        }
        List<Linear> targets =
                model.linears().stream()
                        .filter(linear -> config.targets(linear.name(), false))
                        .toList();
        if (targets.isEmpty()) {
            throw matchesNothing(model, config.targetModules(), where);
        }
        return targets;
    }

    private static CairnException matchesNothing(
            CausalLm model, TargetModules modules, String where) {
        return new CairnException(
                "%s: %s matches no layer of this %s model; its layers are %s"
                        .formatted(where, modules, model.config().modelType(), layers(model)));
    }

    /** For error messages: the last parts of the names, which are the same in every layer. */
    private static String layers(CausalLm model) {
        Set<String> names = new TreeSet<>();
        model.linears().forEach(l -> names.add(l.name().substring(l.name().lastIndexOf('.') + 1)));
        return String.join(", ", names);
    }

    private static LoraPair pair(PeftConfig config, Linear linear, Parameter a, Parameter b) {
        return new LoraPair(a, b, config.scale(linear.name()), config.loraDropout());
    }

    private static String nameA(String module) {
        return PREFIX + module + ".lora_A.weight";
    }

    private static String nameB(String module) {
        return PREFIX + module + ".lora_B.weight";
    }

    /** Writes adapter_config.json and adapter_model.safetensors, each atomically. */
    public void save(Path directory) {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (Parameter p : parameters()) {
            Tensor value = p.value();
            tensors.add(
                    SafetensorsTensor.f32(p.name(), value.toFloats(), value.rows(), value.cols()));
        }
        config.write(directory.resolve(PeftConfig.FILE_NAME));
        SafetensorsWriter.write(directory.resolve(WEIGHTS_FILE), Map.of("format", "pt"), tensors);
    }

    public PeftConfig config() {
        return config;
    }

    /** The pairs by the names of their layers, in the model's order. */
    public Map<String, LoraPair> pairs() {
        return Collections.unmodifiableMap(pairs);
    }

    /** All its matrices, in order. */
    public List<Parameter> parameters() {
        return pairs.values().stream().flatMap(p -> List.of(p.a(), p.b()).stream()).toList();
    }

    /** The number of values in all matrices. */
    public long size() {
        return parameters().stream()
                .mapToLong(p -> (long) p.value().rows() * p.value().cols())
                .sum();
    }

    public @Nullable LoraPair pair(String module) {
        return pairs.get(module);
    }
}
