package dev.cairn.model.config;

import dev.cairn.CairnException;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A model's {@code config.json}, read key by key; errors name the file and the key. */
public final class ConfigJson {
    private static final long MAX_BYTES = 10_000_000;

    private final Path file;
    private final JsonNode root;

    private ConfigJson(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    public static ConfigJson read(Path file) {
        if (!Files.exists(file)) {
            throw new CairnException(
                    file + ": not found; a model is a Hugging Face directory with a config.json");
        }
        try {
            return of(file, JsonMapper.shared().readTree(BoundedFiles.readString(file, MAX_BYTES)));
        } catch (JacksonException e) {
            throw new CairnException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    public static ConfigJson of(Path file, JsonNode root) {
        if (!root.isObject()) {
            throw new CairnException(file + ": expected a JSON object");
        }
        return new ConfigJson(file, root);
    }

    public boolean has(String key) {
        return !root.path(key).isMissingNode() && !root.path(key).isNull();
    }

    /**
     * A copy of this file that takes the value of one key from another file, if the other has it.
     */
    public ConfigJson with(String key, ConfigJson other) {
        if (!other.has(key)) {
            return this;
        }
        ObjectNode changed = ((ObjectNode) root).deepCopy();
        return new ConfigJson(file, changed.set(key, other.root.path(key)));
    }

    /** The object under a key; an empty object when the key is missing. */
    ConfigJson child(String key) {
        if (!has(key)) {
            return new ConfigJson(file, JsonMapper.shared().createObjectNode());
        }
        if (!root.path(key).isObject()) {
            throw wrong(key, "an object");
        }
        return new ConfigJson(file, root.path(key));
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    /** The keys that hold objects, in the order of the file. */
    Stream<String> objects() {
        return root.propertyStream().filter(e -> e.getValue().isObject()).map(Map.Entry::getKey);
    }

    public String text(String key) {
        if (!root.path(key).isString()) {
            throw wrong(key, "a string");
        }
        return root.path(key).asString();
    }

    public String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    public int positive(String key) {
        JsonNode node = root.path(key);
        if (!node.isInt() || node.asInt() <= 0) {
            throw wrong(key, "a whole number above 0");
        }
        return node.asInt();
    }

    public int positive(String key, int otherwise) {
        return has(key) ? positive(key) : otherwise;
    }

    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    public double number(String key) {
        if (!root.path(key).isNumber()) {
            throw wrong(key, "a number");
        }
        return root.path(key).asDouble();
    }

    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!root.path(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return root.path(key).asBoolean();
    }

    /** The value under a key as JSON writes it; {@code null} when the key is missing. */
    public String value(String key) {
        return has(key) ? root.path(key).toString() : "null";
    }

    /** The list of strings under a key; empty when the key is missing. */
    public List<String> texts(String key) {
        return list(key, "a list of strings", JsonNode::isString).map(JsonNode::asString).toList();
    }

    /** The list of whole numbers under a key; empty when the key is missing. */
    public List<Integer> wholes(String key) {
        return list(key, "a list of whole numbers", JsonNode::isInt).map(JsonNode::asInt).toList();
    }

    private Stream<JsonNode> list(String key, String expected, Predicate<JsonNode> isElement) {
        if (!has(key)) {
            return Stream.of();
        }
        JsonNode list = root.path(key);
        if (!list.isArray() || !list.values().stream().allMatch(isElement)) {
            throw wrong(key, expected);
        }
        return list.values().stream();
    }

    /**
     * Token ids under a key that holds one id, a list of ids or nothing, in the order of the file.
     */
    public SequencedSet<Integer> tokenIds(String key) {
        SequencedSet<Integer> ids = new LinkedHashSet<>();
        if (has(key)) {
            JsonNode node = root.path(key);
            for (JsonNode id : node.isArray() ? node.values() : List.of(node)) {
                if (!id.isInt()) {
                    throw wrong(key, "a token id or a list of them");
                }
                ids.add(id.asInt());
            }
        }
        return ids;
    }

    /** Rejects an unsupported value that would otherwise be ignored silently. */
    public void expect(String key, String found, String... supported) {
        for (String one : supported) {
            if (one.equals(found)) {
                return;
            }
        }
        throw new CairnException(
                "%s: %s is %s, which is not supported; expected %s"
                        .formatted(file, key, found, String.join(" or ", supported)));
    }

    public CairnException wrong(String key, String expected) {
        String found = root.path(key).isMissingNode() ? "nothing" : root.path(key).toString();
        return new CairnException(
                "%s: %s: expected %s, found %s".formatted(file, key, expected, found));
    }
}
