package dev.cairn.stack.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a stack's configuration in code, with the same defaults as the YAML. Error messages show
 * the stack's name in place of the YAML file.
 */
public final class StackBuilder {
    private final String name;
    private final ModelFinder.Found base;
    private final List<StageBuilder> stages = new ArrayList<>();
    private String description = "";
    private Path outputDir;
    private DecodingConfig decoding = DecodingConfig.DEFAULT;
    private TrainingConfig training = TrainingConfig.DEFAULT;
    private @Nullable DataConfig data;
    private TeacherConfig teacher = TeacherConfig.DEFAULT;

    StackBuilder(String name, ModelFinder.Found base) {
        this.name = name;
        this.base =
                new ModelFinder.Found(base.directory().toAbsolutePath().normalize(), base.hubId());
        this.outputDir = Path.of("out", name).toAbsolutePath();
    }

    /** Sets the description: one sentence for reports. */
    public StackBuilder description(String sentence) {
        description = sentence;
        return this;
    }

    /**
     * Sets the folder in which training writes the adapters, one subfolder per stage; by default
     * {@code out/NAME}.
     */
    public StackBuilder outputDir(Path directory) {
        outputDir = directory.toAbsolutePath().normalize();
        return this;
    }

    /**
     * Adds a stage with a prompt that may use {@code {{input}}} and the outputs of earlier stages.
     */
    public StackBuilder stage(String stage, String prompt) {
        return stage(stage, builder -> builder.prompt(prompt));
    }

    /** Adds a stage. */
    public StackBuilder stage(String stage, Consumer<StageBuilder> describing) {
        StageBuilder builder = new StageBuilder(stage);
        describing.accept(builder);
        stages.add(builder);
        return this;
    }

    /** Sets the decoding settings of stages without settings of their own. */
    public StackBuilder decoding(DecodingConfig other) {
        decoding = other;
        return this;
    }

    /** Sets the training settings of stages without settings of their own. */
    public StackBuilder training(TrainingConfig other) {
        training = other;
        return this;
    }

    /** Sets the training questions. */
    public StackBuilder data(DataConfig other) {
        data = other;
        return this;
    }

    /** Sets the teacher, which writes the texts of stages that have no gold text. */
    public StackBuilder teacher(TeacherConfig other) {
        teacher = other;
        return this;
    }

    /**
     * Builds the configuration.
     *
     * @throws dev.cairn.CairnException if there is no stage, two stages have the same name, or a
     *     template uses a variable that no earlier stage defines
     */
    public StackConfig build() {
        Path file = Path.of(name);
        StageChecks checks = new StageChecks(file);
        if (stages.isEmpty()) {
            throw checks.error("stages", "expected at least one stage, found none");
        }
        List<StageConfig> built = new ArrayList<>();
        Set<String> earlier = new LinkedHashSet<>(List.of(StackConfig.INPUT));
        for (int i = 0; i < stages.size(); i++) {
            StageConfig stage =
                    stages.get(i).build(checks, "stages[" + i + "].", earlier, decoding, training);
            built.add(stage);
            earlier.add(stage.name());
        }
        return new StackConfig(
                file,
                name,
                description,
                base.directory(),
                base.hubId(),
                outputDir,
                built,
                data,
                teacher);
    }
}
