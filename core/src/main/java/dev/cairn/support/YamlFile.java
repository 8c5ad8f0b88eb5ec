package dev.cairn.support;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cairn.CairnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML file written by a person, read strictly: an unknown key, a missing one or a value of the
 * wrong kind is a one-line error that names file and key. Keys are the names of record components
 * in snake_case; a nullable component may be left out, and the keys of a component marked {@link
 * JsonUnwrapped} are at the same level as those of its record. When a record rejects one of its
 * values, its message must start with the key; when a value rejects itself, its message must start
 * with "expected".
 */
public record YamlFile(Path path, ObjectNode root) {
    static final ObjectMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(LogicalType.Textual, YamlFile::acceptOnlyText)
                    .build();

    /** Rejects numbers where text is expected: 1.10 would become the text "1.1". */
    private static void acceptOnlyText(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /**
     * Reads a file.
     *
     * @throws CairnException if it cannot be read, is not valid YAML, or holds no keys
     */
    public static YamlFile read(Path path) {
        return new YamlFile(path, YamlText.read(path).keys());
    }

    /** Merges two sets of keys; {@code over} takes precedence. */
    public static ObjectNode merged(ObjectNode under, ObjectNode over) {
        ObjectNode result = under.deepCopy();
        result.setAll(over.deepCopy());
        return result;
    }

    /** The keys of a YAML text that is built into the program. */
    public static ObjectNode literal(String yaml) {
        return (ObjectNode) YAML.readTree(yaml);
    }

    /** The values of an object of any keys: text, numbers, flags, null, lists and maps of them. */
    public static Map<String, @Nullable Object> values(ObjectNode object) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode value = entry.getValue();
            values.put(
                    entry.getKey(), value.isNull() ? null : YAML.treeToValue(value, Object.class));
        }
        return values;
    }

    /** The whole file as a record. */
    public <T extends Record> T as(Class<T> type) {
        return convert("", root, type);
    }

    /**
     * Converts keys to a record.
     *
     * @param where path of the keys in the file, for errors; empty for the whole file
     * @throws CairnException if a key is unknown, missing or invalid; names file and key
     */
    public <T extends Record> T convert(String where, ObjectNode keys, Class<T> type) {
        new YamlKeys(this).check(where, keys, type);
        try {
            return YAML.treeToValue(keys, type);
        } catch (JacksonException e) {
            throw refusal(where, keys, e);
        }
    }

    private CairnException refusal(String where, JsonNode keys, JacksonException e) {
        String key = where;
        JsonNode found = keys;
        for (JacksonException.Reference part : e.getPath()) {
            String name = part.getPropertyName();
            key = name == null ? key + "[" + part.getIndex() + "]" : YamlKeys.child(key, name);
            found = name == null ? found.path(part.getIndex()) : found.path(name);
        }
        if (e.getCause() instanceof CairnException birth) {
            String problem = Objects.requireNonNull(birth.getMessage());
            return problem.startsWith("expected ")
                    ? error(key, problem)
                    : error("", YamlKeys.child(key, problem));
        }
        return error(key, "expected " + expected(e) + ", found " + YamlKeys.shown(found));
    }

    private static String expected(JacksonException e) {
        return switch (e) {
            case MismatchedInputException text when text.getTargetType() == String.class ->
                    "a quoted string";
            case MismatchedInputException mismatch -> YamlKeys.kind(mismatch.getTargetType());
            case InputCoercionException range when range.getTargetType() == int.class ->
                    "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
            case InputCoercionException range ->
                    "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
            default -> throw e;
        };
    }

    /** An error about one key, or about the whole file when {@code key} is empty. */
    public CairnException error(String key, String problem) {
        String message = (key.isEmpty() ? "" : key + ": ") + problem;
        return new CairnException(message).at(path);
    }

    /**
     * Resolves a path written in the file, relative to the file's folder.
     *
     * @throws CairnException if it is not a valid path
     */
    public Path resolve(String other) {
        try {
            return path.toAbsolutePath().resolveSibling(other).normalize();
        } catch (InvalidPathException e) {
            throw error("", "expected a path, found '" + other + "'");
        }
    }
}
