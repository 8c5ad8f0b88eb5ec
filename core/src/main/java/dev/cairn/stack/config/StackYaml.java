package dev.cairn.stack.config;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import dev.cairn.text.Contract;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import dev.cairn.text.template.TemplateVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a stack's YAML and checks what involves more than one value. */
final class StackYaml {
    /** The file's keys as written. */
    private record Raw(
            String name,
            @Nullable String description,
            String baseModel,
            String outputDir,
            @Nullable ObjectNode decoding,
            @Nullable ObjectNode chatTemplateKwargs,
            List<RawStage> stages,
            @Nullable RawData data,
            @Nullable ObjectNode teacher,
            @Nullable ObjectNode training) {}

    private record RawStage(
            String name,
            JsonNode prompt,
            @Nullable String target,
            @Nullable String teach,
            @Nullable ObjectNode contract,
            @Nullable String adapter,
            @Nullable String answerAfter,
            @Nullable ObjectNode chatTemplateKwargs,
            @Nullable ObjectNode decoding,
            @Nullable ObjectNode training) {}

    private record RawData(
            @Nullable String path,
            @Nullable Integer sample,
            @Nullable Long seed,
            @Nullable RawStories stories) {}

    private record RawStories(long seed, int count) {}

    private static final String KWARGS = "chat_template_kwargs";
    private static final ObjectNode NO_CONTRACT = YamlFile.literal("retries: 2");
    private static final List<String> SERVER_KEYS =
            List.of("base_url", "model", "timeout", "max_retries", "api_key_env");
    private static final List<String> WRITING_KEYS =
            List.of("system", "temperature", "top_p", "max_tokens");

    private final YamlFile yaml;
    private final StageChecks checks;
    private final Raw raw;

    /** Settings of all stages: the defaults, overridden by the file's. */
    private final ObjectNode decoding;

    private final ObjectNode training;

    StackYaml(YamlFile yaml) {
        this.yaml = yaml;
        this.checks = new StageChecks(yaml.path());
        this.raw = yaml.as(Raw.class);
        this.decoding = over(DecodingConfig.DEFAULTS, raw.decoding());
        this.training = over(TrainingConfig.DEFAULTS, raw.training());
    }

    StackConfig parse(ModelFinder finder) {
        ModelFinder.Found base = model("base_model", raw.baseModel(), finder);
        yaml.convert("decoding", decoding, DecodingConfig.class);
        yaml.convert("training", training, TrainingConfig.class);
        return new StackConfig(
                yaml.path(),
                raw.name(),
                Objects.requireNonNullElse(raw.description(), ""),
                base.directory(),
                base.hubId(),
                path("output_dir", raw.outputDir()),
                stages(finder),
                data(),
                teacher());
    }

    private List<StageConfig> stages(ModelFinder finder) {
        if (raw.stages().isEmpty()) {
            throw yaml.error("stages", "expected at least one stage, found none");
        }
        List<StageConfig> stages = new ArrayList<>();
        Set<String> earlier = new LinkedHashSet<>(List.of(StackConfig.INPUT));
        for (int i = 0; i < raw.stages().size(); i++) {
            StageConfig stage = stage(raw.stages().get(i), "stages[" + i + "].", earlier, finder);
            stages.add(stage);
            earlier.add(stage.name());
        }
        if (raw.chatTemplateKwargs() != null
                && stages.stream().noneMatch(stage -> stage.prompt() instanceof Prompt.Chat)) {
            throw yaml.error(
                    KWARGS,
                    "for a chat template, but the prompt of every stage is one text; remove it");
        }
        return stages;
    }

    /**
     * Reads one stage.
     *
     * @param at path of its keys in the file
     * @param earlier variables that its prompt may use
     */
    private StageConfig stage(RawStage stage, String at, Set<String> earlier, ModelFinder finder) {
        checks.name(stage.name(), at + "name", earlier);
        Prompt prompt =
                prompt(stage.prompt(), at + "prompt", variables(stage.chatTemplateKwargs(), at));
        if (prompt instanceof Prompt.Text && stage.chatTemplateKwargs() != null) {
            throw yaml.error(
                    at + KWARGS, "for a chat template, but the prompt is one text; remove it");
        }
        checks.variables(prompt.variables(), at + "prompt", stage.name(), earlier);
        String target =
                Objects.requireNonNullElse(stage.target(), prompt.defaultTarget(stage.name()));
        return new StageConfig(
                stage.name(),
                prompt,
                checks.template(target, at + "target"),
                instruction(stage, at, earlier),
                yaml.convert(at + "contract", over(NO_CONTRACT, stage.contract()), Contract.class),
                adapter(stage.adapter(), at + "adapter", finder),
                yaml.convert(
                        at + "decoding", over(decoding, stage.decoding()), DecodingConfig.class),
                marker(stage.answerAfter(), at + "answer_after"),
                yaml.convert(
                        at + "training", over(training, stage.training()), TrainingConfig.class));
    }

    /** The teacher's instruction for a stage; null if the stage needs none. */
    private @Nullable Template instruction(RawStage stage, String at, Set<String> earlier) {
        if (stage.teach() == null) {
            if (stage.contract() != null) {
                throw yaml.error(
                        at + "contract",
                        "applies to a teacher's texts, but the stage has no teach; add teach or remove it");
            }
            return null;
        }
        Template instruction = checks.template(stage.teach(), at + "teach");
        Set<String> known = new LinkedHashSet<>(earlier);
        known.add(StackConfig.ANSWER);
        checks.variables(instruction.variables(), at + "teach", stage.name(), known);
        return instruction;
    }

    /** The variables for the chat template, of the stack or of one stage. */
    private TemplateVariables variables(@Nullable ObjectNode keys, String at) {
        if (keys == null) {
            return TemplateVariables.NONE;
        }
        try {
            return new TemplateVariables(YamlFile.values(keys));
        } catch (CairnException e) {
            throw yaml.error(at + KWARGS, String.valueOf(e.getMessage()));
        }
    }

    private Prompt prompt(JsonNode prompt, String key, TemplateVariables own) {
        if (prompt.isString()) {
            return new Prompt.Text(checks.template(prompt.asString(), key));
        }
        if (!prompt.isArray() || prompt.isEmpty()) {
            throw yaml.error(
                    key, "expected a quoted string or a list of messages, found " + prompt);
        }
        List<Prompt.Message> turns = new ArrayList<>();
        for (int i = 0; i < prompt.size(); i++) {
            turns.add(turn(prompt.get(i), key + "[" + i + "]"));
        }
        return new Prompt.Chat(
                List.of(yaml.path().toString(), key),
                turns,
                variables(raw.chatTemplateKwargs(), "").and(own));
    }

    private Prompt.Message turn(JsonNode message, String key) {
        if (!message.isObject() || message.size() != 1 || !message.iterator().next().isString()) {
            throw yaml.error(
                    key, "expected one role with its text, such as user: ..., found " + message);
        }
        String role = message.propertyNames().iterator().next();
        String text = message.path(role).asString();
        return new Prompt.Message(role, checks.template(text, key + "." + role));
    }

    private StageConfig.Adapter adapter(@Nullable String adapter, String key, ModelFinder finder) {
        return switch (adapter) {
            case null -> new StageConfig.Adapter.Trained();
            case "trained" -> new StageConfig.Adapter.Trained();
            case "none" -> new StageConfig.Adapter.None();
            default -> new StageConfig.Adapter.At(model(key, adapter, finder).directory());
        };
    }

    private @Nullable String marker(@Nullable String text, String key) {
        return text == null ? null : checks.nonEmpty(text, key);
    }

    private ModelFinder.Found model(String key, String name, ModelFinder finder) {
        Path path = path(key, name);
        try {
            return finder.find(name, path);
        } catch (CairnException e) {
            throw e.at(yaml.path(), key);
        }
    }

    private Path path(String key, String path) {
        return yaml.resolve(checks.nonEmpty(path, key));
    }

    private static ObjectNode over(ObjectNode under, @Nullable ObjectNode over) {
        return over == null ? under : YamlFile.merged(under, over);
    }

    private TeacherConfig teacher() {
        ObjectNode teacher = raw.teacher();
        if (teacher != null && teacher.path("local").isString()) {
            refuse(
                    teacher,
                    SERVER_KEYS,
                    "is for a server, but local names a model on this machine; remove one of the two");
            if (StackConfig.isFile(teacher.path("local").stringValue())) {
                refuse(
                        teacher,
                        WRITING_KEYS,
                        "is set by the stack that local names; remove it here");
            }
        }
        return yaml.convert("teacher", over(TeacherConfig.DEFAULTS, teacher), TeacherConfig.class);
    }

    private void refuse(ObjectNode keys, List<String> refused, String why) {
        for (String key : refused) {
            if (keys.has(key)) {
                throw yaml.error("teacher." + key, why);
            }
        }
    }

    private @Nullable DataConfig data() {
        RawData data = raw.data();
        if (data == null) {
            return null;
        }
        if ((data.path() == null) == (data.stories() == null)) {
            throw yaml.error(
                    "data",
                    "expected either path or stories, found "
                            + (data.path() == null ? "neither" : "both"));
        }
        DataConfig.Sample sample = sample(data);
        if (data.path() != null) {
            return new DataConfig.Files(path("data.path", data.path()), sample);
        }
        if (sample != null) {
            throw yaml.error("data.sample", "belongs to path; stories have their own count");
        }
        return stories(Objects.requireNonNull(data.stories()));
    }

    private DataConfig.@Nullable Sample sample(RawData data) {
        if (data.sample() == null) {
            if (data.seed() != null) {
                throw yaml.error("data.seed", "belongs to sample; add sample or remove seed");
            }
            return null;
        }
        if (data.sample() < 1) {
            throw yaml.error("data.sample", "expected at least 1, found " + data.sample());
        }
        return new DataConfig.Sample(data.sample(), Objects.requireNonNullElse(data.seed(), 0L));
    }

    private DataConfig stories(RawStories stories) {
        if (stories.count() < 1) {
            throw yaml.error("data.stories.count", "expected at least 1, found " + stories.count());
        }
        return new DataConfig.Stories(stories.seed(), stories.count());
    }
}
