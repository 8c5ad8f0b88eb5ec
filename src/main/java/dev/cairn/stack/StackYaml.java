package dev.cairn.stack;

import dev.cairn.YamlFile;
import dev.cairn.text.Template;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads the YAML of a stack and checks what a single value cannot tell. */
final class StackYaml {
    /** The file's keys as they stand. */
    private record Raw(
            String name,
            @Nullable String description,
            String baseModel,
            String outputDir,
            @Nullable ObjectNode decoding,
            List<RawStage> stages,
            @Nullable RawData data,
            @Nullable ObjectNode training) {}

    private record RawStage(
            String name,
            String prompt,
            @Nullable String target,
            @Nullable String adapter,
            @Nullable String answerAfter,
            @Nullable ObjectNode decoding,
            @Nullable ObjectNode training) {}

    private record RawData(@Nullable String path, @Nullable RawStories stories) {}

    private record RawStories(long seed, int count) {}

    private final YamlFile yaml;

    StackYaml(YamlFile yaml) {
        this.yaml = yaml;
    }

    StackConfig parse() {
        Raw raw = yaml.as(Raw.class);
        if (raw.stages().isEmpty()) {
            throw yaml.error("stages", "expected at least one stage");
        }
        List<StageConfig> stages = new ArrayList<>();
        Set<String> earlier = new LinkedHashSet<>(List.of(StackConfig.INPUT));
        for (int i = 0; i < raw.stages().size(); i++) {
            StageConfig stage = stage(raw, raw.stages().get(i), "stages[" + i + "]", earlier);
            stages.add(stage);
            earlier.add(stage.name());
        }
        return new StackConfig(
                yaml.path(),
                raw.name(),
                raw.description() == null ? "" : raw.description(),
                yaml.resolve(raw.baseModel()),
                yaml.resolve(raw.outputDir()),
                stages,
                data(raw.data()));
    }

    private StageConfig stage(Raw raw, RawStage stage, String at, Set<String> earlier) {
        if (!stage.name().matches("[a-z][a-z0-9_-]*")) {
            throw yaml.error(
                    at + ".name",
                    "expected small letters, digits, _ and -, found '" + stage.name() + "'");
        }
        if (earlier.contains(stage.name())) {
            throw yaml.error(
                    at + ".name", "'" + stage.name() + "' is taken; each stage needs its own name");
        }
        Template prompt = template(stage.prompt(), at + ".prompt");
        for (String variable : prompt.variables()) {
            if (!earlier.contains(variable)) {
                throw yaml.error(
                        at + ".prompt",
                        "{{%s}} is not defined by an earlier stage; stage %s may use %s"
                                .formatted(variable, stage.name(), String.join(", ", earlier)));
            }
        }
        String target = stage.target() == null ? " {{" + stage.name() + "}}" : stage.target();
        return new StageConfig(
                stage.name(),
                prompt,
                template(target, at + ".target"),
                adapter(stage.adapter()),
                decoding(raw, stage, at),
                stage.answerAfter(),
                training(raw, stage, at));
    }

    private Template template(String source, String key) {
        return Template.parse(source, yaml.path() + ": " + key);
    }

    private StageConfig.Adapter adapter(@Nullable String adapter) {
        if (adapter == null || adapter.equals("trained")) {
            return new StageConfig.Adapter.Trained();
        }
        return adapter.equals("none")
                ? new StageConfig.Adapter.None()
                : new StageConfig.Adapter.At(yaml.resolve(adapter));
    }

    private DecodingConfig decoding(Raw raw, RawStage stage, String at) {
        ObjectNode common = over(DecodingConfig.DEFAULTS, raw.decoding());
        yaml.convert("decoding", common, DecodingConfig.class);
        return yaml.convert(at + ".decoding", over(common, stage.decoding()), DecodingConfig.class);
    }

    private TrainingConfig training(Raw raw, RawStage stage, String at) {
        ObjectNode common = over(TrainingConfig.DEFAULTS, raw.training());
        yaml.convert("training", common, TrainingConfig.class);
        return yaml.convert(at + ".training", over(common, stage.training()), TrainingConfig.class);
    }

    private static ObjectNode over(ObjectNode under, @Nullable ObjectNode over) {
        return over == null ? under : YamlFile.merged(under, over);
    }

    private @Nullable DataConfig data(@Nullable RawData data) {
        if (data == null) {
            return null;
        }
        if ((data.path() == null) == (data.stories() == null)) {
            throw yaml.error("data", "expected either path or stories");
        }
        if (data.path() != null) {
            return new DataConfig.Files(yaml.resolve(data.path()));
        }
        RawStories stories = Objects.requireNonNull(data.stories());
        if (stories.count() < 1) {
            throw yaml.error("data.stories.count", "expected at least 1, found " + stories.count());
        }
        return new DataConfig.Stories(stories.seed(), stories.count());
    }
}
