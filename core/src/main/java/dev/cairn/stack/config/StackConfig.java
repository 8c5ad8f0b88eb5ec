package dev.cairn.stack.config;

import dev.cairn.support.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a stack, from its YAML file or from code. The README of the examples
 * explains every key.
 *
 * @param file the YAML file; for a stack described in code, its name
 * @param description one sentence for reports; may be empty
 * @param baseModel Hugging Face directory of the base all stages share
 * @param baseId the base's id on the hub if the YAML names it by id; otherwise null
 * @param outputDir folder in which {@code cairn train} writes the adapters, one subfolder per stage
 * @param data the training questions; null for a stack that is only run
 * @param teacher the teacher, which writes the texts of stages without gold text
 */
public record StackConfig(
        Path file,
        String name,
        String description,
        Path baseModel,
        @Nullable String baseId,
        Path outputDir,
        List<StageConfig> stages,
        @Nullable DataConfig data,
        TeacherConfig teacher) {
    /** Name of the variable that holds the user's input. */
    public static final String INPUT = "input";

    /** Name of the variable that holds the answer from the data, if there is one. */
    public static final String ANSWER = "answer";

    public StackConfig {
        stages = List.copyOf(stages);
    }

    /**
     * Reads a stack's YAML file.
     *
     * @param finder finds models and adapters; not called before the whole file was read, so that a
     *     mistake in the file is reported before anything is downloaded
     * @throws dev.cairn.CairnException if a key is unknown or missing, a value is invalid, or a
     *     template uses a variable that no earlier stage defines; the message names file and key
     */
    public static StackConfig load(Path file, ModelFinder finder) {
        StackYaml yaml = new StackYaml(YamlFile.read(file));
        yaml.parse(ModelFinder.PATHS);
        return yaml.parse(finder);
    }

    /**
     * A builder for a stack described in code.
     *
     * @param baseModel Hugging Face directory of the base all stages share
     */
    public static StackBuilder builder(String name, Path baseModel) {
        return builder(name, new ModelFinder.Found(baseModel, null));
    }

    /**
     * A builder for a stack described in code.
     *
     * @param base the base all stages share, as a {@link ModelFinder} found it
     */
    public static StackBuilder builder(String name, ModelFinder.Found base) {
        return new StackBuilder(name, base);
    }

    /** Whether a name refers to a stack's YAML file rather than to a model. */
    public static boolean isFile(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** A copy with other stages. */
    public StackConfig withStages(List<StageConfig> some) {
        return new StackConfig(
                file, name, description, baseModel, baseId, outputDir, some, data, teacher);
    }

    /** The base's name in reports and traces: its id on the hub, or its folder's name. */
    public String baseName() {
        return baseId != null ? baseId : String.valueOf(baseModel.getFileName());
    }

    /** The folder of a stage's adapter; null if the stage runs on the base alone. */
    public @Nullable Path adapterDirectory(StageConfig stage, Path outputDir) {
        return switch (stage.adapter()) {
            case StageConfig.Adapter.Trained trained -> outputDir.resolve(stage.name());
            case StageConfig.Adapter.At at -> at.directory();
            case StageConfig.Adapter.None none -> null;
        };
    }

    /** The file that collects the teacher's answers. */
    public Path teacherFile() {
        return outputDir.resolve("teacher.jsonl");
    }

    /** The file that collects corrections. */
    public Path correctionsFile() {
        return outputDir.resolve("corrections.jsonl");
    }

    /** The stages whose output a stage reads, directly or through other stages, in order. */
    public List<StageConfig> upstreamOf(StageConfig stage) {
        Set<String> read = new HashSet<>(stage.prompt().variables());
        List<StageConfig> upstream = new ArrayList<>();
        for (StageConfig earlier : stages.subList(0, stages.indexOf(stage)).reversed()) {
            if (read.contains(earlier.name())) {
                upstream.addFirst(earlier);
                read.addAll(earlier.prompt().variables());
            }
        }
        return upstream;
    }

    /** The stages that {@code cairn train} trains. */
    public List<StageConfig> trained() {
        return stages.stream()
                .filter(stage -> stage.adapter() instanceof StageConfig.Adapter.Trained)
                .toList();
    }
}
