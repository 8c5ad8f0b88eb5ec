package dev.cairn.stack.config;

import dev.cairn.support.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stack as its YAML file or a program describes it; the README of the examples explains every
 * key.
 *
 * @param file the YAML file; the name of a stack that a program describes
 * @param description one sentence for reports; may be empty
 * @param baseModel Hugging Face directory of the base all stages share
 * @param baseId the base's id on the hub if the YAML names it so; else null
 * @param outputDir where {@code cairn train} puts the adapters, one folder per stage
 * @param data what to train on; null for a stack that is only run
 * @param teacher who writes the texts of stages that have none
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
    /** Name of the variable that holds what the user wrote. */
    public static final String INPUT = "input";

    /** Name of the variable that holds the answer of the data, where there is one. */
    public static final String ANSWER = "answer";

    public StackConfig {
        stages = List.copyOf(stages);
    }

    /**
     * Reads a stack's YAML file.
     *
     * @param finder knows where models and adapters are; not asked before the whole file was read,
     *     so that a mistake further down shows before anything is downloaded
     * @throws dev.cairn.CairnException naming file and key, when a key is unknown or missing, a
     *     value is impossible, or a template uses what no earlier stage defines
     */
    public static StackConfig load(Path file, ModelFinder finder) {
        StackYaml yaml = new StackYaml(YamlFile.read(file));
        yaml.parse(ModelFinder.PATHS);
        return yaml.parse(finder);
    }

    /**
     * A stack that code describes.
     *
     * @param baseModel Hugging Face directory of the base all stages share
     */
    public static StackBuilder builder(String name, Path baseModel) {
        return builder(name, new ModelFinder.Found(baseModel, null));
    }

    /**
     * A stack that code describes.
     *
     * @param base the base all stages share, as a {@link ModelFinder} found it
     */
    public static StackBuilder builder(String name, ModelFinder.Found base) {
        return new StackBuilder(name, base);
    }

    /** Whether a name is that of a stack's YAML file rather than that of a model. */
    public static boolean isFile(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** The same stack with other stages. */
    public StackConfig withStages(List<StageConfig> some) {
        return new StackConfig(
                file, name, description, baseModel, baseId, outputDir, some, data, teacher);
    }

    /** What reports and traces call the base: its id on the hub, or its folder's name. */
    public String baseName() {
        return baseId != null ? baseId : String.valueOf(baseModel.getFileName());
    }

    /** The folder of a stage's adapter; null when it runs on the base alone. */
    public @Nullable Path adapterDirectory(StageConfig stage, Path outputDir) {
        return switch (stage.adapter()) {
            case StageConfig.Adapter.Trained trained -> outputDir.resolve(stage.name());
            case StageConfig.Adapter.At at -> at.directory();
            case StageConfig.Adapter.None none -> null;
        };
    }

    /** Where the teacher's answers are collected. */
    public Path teacherFile() {
        return outputDir.resolve("teacher.jsonl");
    }

    /** Where corrections are collected. */
    public Path correctionsFile() {
        return outputDir.resolve("corrections.jsonl");
    }

    /** The stages whose output a stage reads, itself or through others, in order. */
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

    /** The stages {@code cairn train} trains. */
    public List<StageConfig> trained() {
        return stages.stream()
                .filter(stage -> stage.adapter() instanceof StageConfig.Adapter.Trained)
                .toList();
    }
}
