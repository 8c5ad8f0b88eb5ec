package dev.cairn.stack.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes a stack in code; what is not said is as in a YAML that does not say it. In messages the
 * stack's name stands where the file of a YAML would.
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

    /** One sentence for reports. */
    public StackBuilder description(String sentence) {
        description = sentence;
        return this;
    }

    /** Where training puts the adapters, one folder per stage; without it {@code out/NAME}. */
    public StackBuilder outputDir(Path directory) {
        outputDir = directory.toAbsolutePath().normalize();
        return this;
    }

    /** Adds a stage that reads a text with {@code {{input}}} and what earlier stages wrote. */
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

    /** How stages write that do not say so themselves. */
    public StackBuilder decoding(DecodingConfig other) {
        decoding = other;
        return this;
    }

    /** How the adapters of stages are trained that do not say so themselves. */
    public StackBuilder training(TrainingConfig other) {
        training = other;
        return this;
    }

    /** What to train on. */
    public StackBuilder data(DataConfig other) {
        data = other;
        return this;
    }

    /** Who writes the texts of stages that have none. */
    public StackBuilder teacher(TeacherConfig other) {
        teacher = other;
        return this;
    }

    /**
     * The stack.
     *
     * @throws dev.cairn.CairnException when there is no stage, two have one name, or a template
     *     uses what no earlier stage defines
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
