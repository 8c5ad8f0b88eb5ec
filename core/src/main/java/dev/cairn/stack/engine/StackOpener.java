package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the models and adapters that a stack's YAML names; errors name the YAML file and the key.
 */
public final class StackOpener {
    private final StackConfig config;
    private final Path outputDir;
    private final Clock clock;

    /** Stages that name the same adapter share it and its cached prompts. */
    private final Map<Path, LoraAdapter> adapters = new HashMap<>();

    /**
     * @param clock the time for chat templates
     */
    public StackOpener(StackConfig config, Path outputDir, Clock clock) {
        this.config = config;
        this.outputDir = outputDir;
        this.clock = clock;
    }

    /** Opens all stages on one shared base. */
    public List<Stage> open(WeightFormat format) {
        return open(() -> Models.open(config.baseModel(), format));
    }

    /** All stages, which share one base that computes in float32. */
    public List<Stage> openForMeasuring(WeightFormat format) {
        return open(() -> Models.openForMeasuring(config.baseModel(), format));
    }

    private List<Stage> open(Supplier<CausalLm> model) {
        CausalLm base = at("base_model", model);
        Tokenizer tokenizer = at("base_model", () -> Tokenizer.load(config.baseModel()));
        return open(OpenBase.of(base, tokenizer));
    }

    /** Opens all stages on an open base. */
    public List<Stage> open(OpenBase base) {
        int vocabulary = base.model().config().vocabSize();
        if (base.tokenizer().vocabSize() > vocabulary) {
            throw error(
                    "base_model",
                    "%s: the tokenizer has %d tokens, the model %d; they do not belong together"
                            .formatted(
                                    config.baseModel(), base.tokenizer().vocabSize(), vocabulary));
        }
        return open(config.stages(), base);
    }

    /** Opens some stages on an open base. */
    public List<Stage> open(List<StageConfig> some, OpenBase base) {
        List<Stage> stages = new ArrayList<>();
        for (StageConfig stage : some) {
            String at = "stages[" + config.stages().indexOf(stage) + "].";
            stages.add(stage(at, stage, base));
        }
        return stages;
    }

    private Stage stage(String at, StageConfig stage, OpenBase base) {
        checkWindow(at, stage, base.model());
        Path directory = config.adapterDirectory(stage, outputDir);
        return new Stage(
                config.name(),
                config.baseName(),
                digest(at, stage, directory),
                stage,
                stage.prompt().renderer(config.baseModel(), clock),
                base.generator(adapter(at, directory, base.model())),
                base.tokenizer(),
                true);
    }

    private void checkWindow(String at, StageConfig stage, CausalLm base) {
        int window = base.config().maxPositions();
        int maxNewTokens = stage.decoding().maxNewTokens();
        if (maxNewTokens >= window) {
            throw error(
                    at + "decoding.max_new_tokens",
                    "expected fewer than the base's context window of %d, found %d"
                            .formatted(window, maxNewTokens));
        }
    }

    private AdapterDigest digest(String at, StageConfig stage, @Nullable Path directory) {
        if (directory != null && !LoraAdapter.exists(directory)) {
            throw error(
                    at + "adapter",
                    "stage %s has no adapter in %s; %s"
                            .formatted(stage.name(), directory, remedy(stage)));
        }
        return new AdapterDigest(directory);
    }

    /** The command that trains only the missing adapter. */
    private String remedy(StageConfig missing) {
        if (!(missing.adapter() instanceof StageConfig.Adapter.Trained)) {
            return "check the path";
        }
        boolean isOnly =
                config.trained().stream()
                        .anyMatch(stage -> LoraAdapter.exists(outputDir.resolve(stage.name())));
        return "train it with: cairn train "
                + config.file()
                + (isOnly ? " --stage " + missing.name() : "")
                + (outputDir.equals(config.outputDir()) ? "" : " --output " + outputDir);
    }

    private @Nullable LoraAdapter adapter(String at, @Nullable Path directory, CausalLm base) {
        return directory == null
                ? null
                : adapters.computeIfAbsent(
                        directory.toAbsolutePath().normalize(),
                        path -> at(at + "adapter", () -> LoraAdapter.open(directory, base)));
    }

    private <T> T at(String key, Supplier<T> opening) {
        try {
            return opening.get();
        } catch (CairnException e) {
            throw e.at(config.file(), key);
        }
    }

    private CairnException error(String key, String problem) {
        return new CairnException(problem).at(config.file(), key);
    }
}
