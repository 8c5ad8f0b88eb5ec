package dev.cairn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML file written by a person, read strictly: an unknown key, a missing one or a value of the
 * wrong kind is a one-line error that names file and key. Keys are the names of record components
 * in snake_case.
 */
public record YamlFile(Path path, ObjectNode root) {
    private static final ObjectMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
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
            if (!(root instanceof ObjectNode keys)) {
                throw new CairnException(path + ": expected keys and values, found none");
            }
            return new YamlFile(path, keys);
        } catch (NoSuchFileException e) {
            throw new CairnException(path + ": no such file; check the path", e);
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        } catch (JacksonException e) {
            throw new CairnException(
                    "%s:%s: is no valid YAML: %s"
                            .formatted(path, line(e), firstLine(e.getOriginalMessage())),
                    e);
        } catch (StackOverflowError e) {
            throw new CairnException(path + ": is no valid YAML: nested too deep", e);
        }
    }

    private static String line(JacksonException e) {
        return e.getLocation() == null ? "?" : Integer.toString(e.getLocation().getLineNr());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    /** The keys under {@code key}, or none. */
    public ObjectNode section(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return root.objectNode();
        }
        if (node instanceof ObjectNode keys) {
            return keys;
        }
        throw error(key, "expected keys and values, found " + node);
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

    /**
     * Turns keys into a record.
     *
     * @param where path of the keys in the file, for errors; empty for the whole file
     */
    public <T> T convert(String where, JsonNode keys, Class<T> type) {
        try {
            return YAML.treeToValue(keys, type);
        } catch (DatabindException e) {
            String key = key(where, e);
            throw switch (e) {
                case UnrecognizedPropertyException u -> unknown(key, u);
                case InvalidFormatException f ->
                        error(
                                key,
                                "expected " + kind(f.getTargetType()) + ", found " + f.getValue());
                case MismatchedInputException m -> mismatch(key, m);
                default -> rejected(key, e);
            };
        }
    }

    private CairnException unknown(String key, UnrecognizedPropertyException e) {
        List<String> known =
                e.getKnownPropertyIds() == null
                        ? List.of()
                        : e.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
        return error(
                key,
                "unknown key; did you mean %s? Known here: %s"
                        .formatted(nearest(e.getPropertyName(), known), String.join(", ", known)));
    }

    private static String nearest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String k) -> distance(word, k)))
                .orElse("none");
    }

    /** Edits that turn one word into another (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private CairnException mismatch(String key, MismatchedInputException e) {
        String message = firstLine(e.getOriginalMessage());
        if (message.startsWith("Missing required creator property")
                || message.startsWith("Null value for creator property")) {
            return error(key, "missing; it must be given");
        }
        return error(key, "expected " + kind(e.getTargetType()));
    }

    /** A record refused its values at birth. */
    private CairnException rejected(String key, DatabindException e) {
        Throwable cause = e.getCause();
        return cause instanceof CairnException
                ? error(key, Objects.requireNonNull(cause.getMessage()))
                : error(key, firstLine(e.getOriginalMessage()));
    }

    private static String kind(Class<?> type) {
        if (type == null) {
            return "another kind of value";
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants()).stream()
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "String" -> "a text";
            case "List" -> "a list";
            default -> "keys and values";
        };
    }

    private static String key(String where, DatabindException e) {
        StringBuilder key = new StringBuilder(where);
        for (JacksonException.Reference part : e.getPath()) {
            if (part.getPropertyName() != null) {
                key.append(key.isEmpty() ? "" : ".").append(part.getPropertyName());
            } else {
                key.append('[').append(part.getIndex()).append(']');
            }
        }
        return key.toString();
    }

    /** An error about one key. */
    public CairnException error(String key, String problem) {
        return new CairnException(path + ": " + key + ": " + problem);
    }
}
