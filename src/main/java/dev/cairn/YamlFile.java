package dev.cairn;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML file written by a person, read strictly: an unknown key, a missing one or a value of the
 * wrong kind is a one-line error that names file and key. Keys are the names of record components
 * in snake_case; a component that may be null may be left out.
 */
public record YamlFile(Path path, ObjectNode root) {
    private static final ObjectMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build();

    /**
     * Reads a file.
     *
     * @throws CairnException when it cannot be read, is no YAML, or holds no keys
     */
    public static YamlFile read(Path path) {
        try {
            JsonNode root = YAML.readTree(Files.readString(path));
            if (root instanceof ObjectNode keys) {
                return new YamlFile(path, keys);
            }
            throw new CairnException(path + ": expected keys and values, found none");
        } catch (CharacterCodingException e) {
            throw new CairnException(path + ": is not UTF-8 text; convert it to UTF-8", e);
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        } catch (JacksonException e) {
            throw new CairnException(
                    "%s:%d: is no valid YAML: %s"
                            .formatted(path, e.getLocation().getLineNr(), firstLine(e)),
                    e);
        } catch (StackOverflowError e) {
            throw new CairnException(path + ": is no valid YAML: nested too deep", e);
        }
    }

    private static String firstLine(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        return message.lines().findFirst().orElse(message);
    }

    /** One set of keys over another: what is in {@code over} wins. */
    public static ObjectNode merged(ObjectNode under, ObjectNode over) {
        ObjectNode result = under.deepCopy();
        result.setAll(over.deepCopy());
        return result;
    }

    /** The keys of a YAML text that is part of the program. */
    public static ObjectNode literal(String yaml) {
        return (ObjectNode) YAML.readTree(yaml);
    }

    /** The whole file as a record. */
    public <T extends Record> T as(Class<T> type) {
        return convert("", root, type);
    }

    /**
     * Turns keys into a record.
     *
     * @param where path of the keys in the file, for errors; empty for the whole file
     * @throws CairnException naming file and key
     */
    public <T extends Record> T convert(String where, ObjectNode keys, Class<T> type) {
        new YamlKeys(this).check(where, keys, type);
        try {
            return YAML.treeToValue(keys, type);
        } catch (MismatchedInputException e) {
            String key = key(where, e);
            JsonNode found = keys.at(pointer(e));
            throw error(key, "expected %s, found %s".formatted(kind(e.getTargetType()), found));
        } catch (DatabindException e) {
            // A record refused its values at birth.
            throw e.getCause() instanceof CairnException refusal
                    ? error(where, Objects.requireNonNull(refusal.getMessage()))
                    : error(key(where, e), firstLine(e));
        }
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "String" -> "a text";
            case "List", "ArrayList" -> "a list";
            default -> "keys and values";
        };
    }

    private static String key(String where, DatabindException e) {
        String key = where;
        for (JacksonException.Reference part : e.getPath()) {
            key =
                    part.getPropertyName() == null
                            ? key + "[" + part.getIndex() + "]"
                            : child(key, part.getPropertyName());
        }
        return key;
    }

    private static String pointer(DatabindException e) {
        return e.getPath().stream()
                .map(part ->
                        part.getPropertyName() == null
                                ? "" + part.getIndex()
                                : part.getPropertyName())
                .map(step -> "/" + step)
                .collect(Collectors.joining());
    }

    private static String child(String where, String key) {
        return where.isEmpty() ? key : where + "." + key;
    }

    /** An error about one key; without a key, about the whole file. */
    public CairnException error(String key, String problem) {
        return new CairnException(path + ": " + (key.isEmpty() ? "" : key + ": ") + problem);
    }

    /** A path in the file, which is relative to the file. */
    public Path resolve(String other) {
        return path.toAbsolutePath().resolveSibling(other).normalize();
    }
}
