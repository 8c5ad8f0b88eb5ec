package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Converts {@link PeftConfig} to and from JSON. */
final class PeftConfigJson {
    private static final long MAX_BYTES = 10_000_000;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    /** Keys that {@link #read} understands. */
    private static final Set<String> KNOWN =
            Set.of(
                    "base_model_name_or_path",
                    "revision",
                    "r",
                    "lora_alpha",
                    "lora_dropout",
                    "target_modules",
                    "use_rslora",
                    "rank_pattern",
                    "alpha_pattern",
                    "peft_type",
                    "task_type",
                    "bias",
                    "init_lora_weights");

    /**
     * Keys about PEFT or the training run that never change what the adapter does. The modules to
     * save are in the file of the weights, which decides: see {@link WholeTensors}.
     */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "auto_mapping",
                    "ensure_weight_tying",
                    "inference_mode",
                    "megatron_core",
                    "modules_to_save",
                    "peft_version",
                    "qalora_group_size",
                    "runtime_config");

    /** Initialisations that leave the base model's weights unchanged. */
    private static final Set<String> INITS_THAT_KEEP_THE_BASE =
            Set.of("true", "false", "gaussian", "orthogonal");

    private final Path file;
    private final JsonNode root;

    private PeftConfigJson(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static PeftConfig read(Path file) {
        JsonNode root = readTree(file);
        if (!root.isObject()) {
            throw new CairnException(file + ": expected a JSON object");
        }
        return new PeftConfigJson(file, root).read();
    }

    static String toJson(PeftConfig config) {
        Map<String, Object> json = new TreeMap<>();
        String base = config.baseModelNameOrPath();
        if (base != null) {
            json.put("base_model_name_or_path", base);
        }
        String revision = config.revision();
        if (revision != null) {
            json.put("revision", revision);
        }
        json.put("alpha_pattern", shortened(config.alphaPattern()));
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("lora_alpha", shortened(config.loraAlpha()));
        json.put("lora_dropout", config.loraDropout());
        json.put("peft_type", "LORA");
        json.put("r", config.r());
        json.put("rank_pattern", config.rankPattern());
        json.put("target_modules", toJson(config.targetModules()));
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", config.useRslora());
        return JSON.writeValueAsString(json).replace("\r\n", "\n") + "\n";
    }

    private static Object toJson(TargetModules targetModules) {
        return switch (targetModules) {
            case TargetModules.Names names -> names.names();
            case TargetModules.Regex regex -> regex.regex();
            case TargetModules.AllLinear() -> TargetModules.AllLinear.NAME;
        };
    }

    private static Map<String, Number> shortened(Map<String, Double> numbers) {
        Map<String, Number> result = new LinkedHashMap<>();
        numbers.forEach((key, value) -> result.put(key, shortened(value)));
        return result;
    }

    /** PEFT declares alpha as an integer, so a whole number is written as one. */
    private static Number shortened(double value) {
        if (value == Math.rint(value) && value < Integer.MAX_VALUE) {
            return (int) value;
        }
        return value;
    }

    private static JsonNode readTree(Path file) {
        try {
            return JSON.readTree(BoundedFiles.readString(file, MAX_BYTES));
        } catch (JacksonException e) {
            String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new CairnException(
                    "%s:%d: not valid JSON: %s".formatted(file, e.getLocation().getLineNr(), what),
                    e);
        }
    }

    private PeftConfig read() {
        expectText("peft_type", Set.of("LORA"), null);
        expectText("task_type", Set.of("CAUSAL_LM"), "CAUSAL_LM");
        expectText("bias", Set.of("none"), "none");
        expectText("init_lora_weights", INITS_THAT_KEEP_THE_BASE, "true");
        root.forEachEntry(this::refuseWhatHasAnEffect);
        String base = optionalText("base_model_name_or_path");
        String revision = optionalText("revision");
        int r = wholeNumber("r", required("r"));
        double alpha = number("lora_alpha", required("lora_alpha"));
        JsonNode dropoutNode = root.path("lora_dropout");
        double dropout = isAbsent(dropoutNode) ? 0 : number("lora_dropout", dropoutNode);
        TargetModules targets = targetModules();
        boolean useRslora = flag("use_rslora");
        Map<String, Integer> ranks = patterns("rank_pattern", this::wholeNumber);
        Map<String, Double> alphas = patterns("alpha_pattern", this::number);
        try {
            return new PeftConfig(
                    base, revision, r, alpha, dropout, targets, useRslora, ranks, alphas);
        } catch (CairnException e) {
            throw e.at(file);
        }
    }

    /**
     * Rejects unknown keys unless they are switched off: new PEFT versions add keys, and one that
     * is switched on would change the adapter's effect.
     */
    private void refuseWhatHasAnEffect(String key, JsonNode value) {
        boolean isOff =
                value.isNull()
                        || (value.isBoolean() && !value.booleanValue())
                        || (value.isContainer() && value.isEmpty())
                        || (value.isString() && value.stringValue().isEmpty());
        if (!KNOWN.contains(key) && !WITHOUT_EFFECT.contains(key) && !isOff) {
            throw error(key, "Cairn does not support the value " + shown(value));
        }
    }

    private void expectText(String key, Set<String> allowed, @Nullable String otherwise) {
        JsonNode value = root.path(key);
        String found = isAbsent(value) ? otherwise : value.asString("");
        if (found == null || !allowed.contains(found)) {
            String expected = String.join(" or ", allowed.stream().sorted().toList());
            throw error(key, "expected " + expected + ", found " + shown(value));
        }
    }

    private @Nullable String optionalText(String key) {
        JsonNode value = root.path(key);
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isString()) {
            throw error(key, "expected text, found " + shown(value));
        }
        return value.stringValue();
    }

    private JsonNode required(String key) {
        JsonNode value = root.path(key);
        if (isAbsent(value)) {
            throw error(key, "missing");
        }
        return value;
    }

    private TargetModules targetModules() {
        JsonNode value = required("target_modules");
        if (value.isString()) {
            String text = value.stringValue();
            return text.equalsIgnoreCase(TargetModules.AllLinear.NAME)
                    ? new TargetModules.AllLinear()
                    : new TargetModules.Regex(regex("target_modules", text));
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : value) {
            names.add(name.isString() ? name.stringValue() : "");
        }
        if (!value.isArray() || names.isEmpty() || names.contains("")) {
            throw error("target_modules", "expected module names or text, found " + shown(value));
        }
        return new TargetModules.Names(names);
    }

    private boolean flag(String key) {
        JsonNode value = root.path(key);
        if (isAbsent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw error(key, "expected true or false, found " + shown(value));
        }
        return value.booleanValue();
    }

    private <T> Map<String, T> patterns(String key, BiFunction<String, JsonNode, T> reader) {
        JsonNode value = root.path(key);
        if (!value.isObject() && !isAbsent(value)) {
            throw error(key, "expected an object, found " + shown(value));
        }
        Map<String, T> numbers = new LinkedHashMap<>();
        value.forEachEntry((pattern, number) ->
                numbers.put(regex(key, pattern), reader.apply(key + ": " + pattern, number)));
        return numbers;
    }

    private int wholeNumber(String key, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw error(key, "expected a whole number, found " + shown(value));
        }
        return value.intValue();
    }

    private double number(String key, JsonNode value) {
        if (!value.isNumber()) {
            throw error(key, "expected a number, found " + shown(value));
        }
        return value.doubleValue();
    }

    private String regex(String key, String text) {
        try {
            return Pattern.compile(text).pattern();
        } catch (PatternSyntaxException e) {
            throw error(
                    key,
                    "'%s' is not a valid regular expression: %s"
                            .formatted(text, e.getDescription()));
        }
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "nothing";
        }
        String json = value.isString() ? "'" + value.stringValue() + "'" : value.toString();
        String line = json.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 100 ? line : line.substring(0, 100) + "...";
    }

    private CairnException error(String key, String message) {
        // Keys and patterns come from the file and may hold line breaks; the message must be one
        // line.
        String line = (key + ": " + message).replaceAll("\\p{Cntrl}", "?");
        return new CairnException(file + ": " + line);
    }
}
