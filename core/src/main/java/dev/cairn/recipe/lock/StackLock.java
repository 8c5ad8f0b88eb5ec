package dev.cairn.recipe.lock;

import dev.cairn.CairnException;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a stack is made of, as one file beside its YAML: the SHA-256 of the YAML, of the base with
 * its tokenizer and templates, of the adapters, the data and the teacher's answers, and the
 * versions of Cairn and Java. It holds no absolute path, so a stack can be moved with it; a lock of
 * the same stack always has the same bytes.
 *
 * @param sections values by section and name, such as {@code base} and {@code config.json}
 */
public record StackLock(SortedMap<String, SortedMap<String, String>> sections) {
    private static final int FORMAT_VERSION = 1;
    private static final String FORMAT_KEY = "format_version";
    private static final long MAX_BYTES = 10_000_000;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Something that is not as it was locked.
     *
     * @param expected what the lock says; null if it knows nothing of the name
     * @param found what is there now; null if nothing is
     */
    public record Difference(
            String section, String name, @Nullable String expected, @Nullable String found) {
        /** One line for a person. */
        @Override
        public String toString() {
            return "%s: %s: expected %s, found %s"
                    .formatted(
                            section,
                            name,
                            expected == null ? "nothing" : expected,
                            found == null ? "nothing" : found);
        }
    }

    /**
     * Describes a stack as it is now; reads all its files.
     *
     * @param outputDir folder of the trained adapters, one subfolder per stage
     * @throws CairnException if a model, an adapter or the data are missing or cannot be read
     */
    public static StackLock of(StackConfig stack, Path outputDir) {
        return new StackLock(new LockedParts(stack, outputDir).complete());
    }

    /** The file of a stack's lock: {@code stack.lock} beside {@code stack.yaml}. */
    public static Path file(StackConfig stack) {
        String name = String.valueOf(stack.file().getFileName());
        return stack.file()
                .toAbsolutePath()
                .resolveSibling(name.replaceFirst("\\.ya?ml$", "") + ".lock");
    }

    /**
     * Writes the lock beside the stack's YAML.
     *
     * @return the file
     * @throws CairnException if it cannot be written
     */
    public Path write(StackConfig stack) {
        Path file = file(stack);
        Map<String, Object> json = new TreeMap<>(sections);
        json.put(FORMAT_KEY, FORMAT_VERSION);
        AtomicFiles.writeString(file, JSON.writeValueAsString(json).replace("\r\n", "\n") + "\n");
        return file;
    }

    /**
     * Reads the lock beside a stack's YAML.
     *
     * @throws CairnException if there is none, it is damaged, or a newer Cairn has written it
     */
    public static StackLock read(StackConfig stack) {
        Path file = file(stack);
        if (!Files.exists(file)) {
            throw new CairnException(
                    "%s: no such lock file; write it with: cairn lock %s"
                            .formatted(file, stack.file()));
        }
        try {
            return of(file, JSON.readTree(BoundedFiles.readString(file, MAX_BYTES)));
        } catch (JacksonException e) {
            throw damaged(file, "not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static StackLock of(Path file, JsonNode json) {
        JsonNode version = json.path(FORMAT_KEY);
        if (!version.isInt() || version.intValue() != FORMAT_VERSION) {
            throw damaged(
                    file,
                    "%s: expected %d, found %s"
                            .formatted(
                                    FORMAT_KEY,
                                    FORMAT_VERSION,
                                    version.isMissingNode() ? "nothing" : version));
        }
        SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
        for (Map.Entry<String, JsonNode> section : json.properties()) {
            if (!section.getKey().equals(FORMAT_KEY)) {
                sections.put(section.getKey(), section(file, section));
            }
        }
        return new StackLock(sections);
    }

    private static SortedMap<String, String> section(
            Path file, Map.Entry<String, JsonNode> section) {
        if (!section.getValue().isObject()) {
            throw damaged(
                    file,
                    "%s: expected an object, found %s"
                            .formatted(section.getKey(), section.getValue()));
        }
        SortedMap<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> value : section.getValue().properties()) {
            if (!value.getValue().isString()) {
                throw damaged(
                        file,
                        "%s.%s: expected a text, found %s"
                                .formatted(section.getKey(), value.getKey(), value.getValue()));
            }
            values.put(value.getKey(), value.getValue().stringValue());
        }
        return values;
    }

    private static CairnException damaged(Path file, String problem) {
        return new CairnException(
                file + ": " + problem + "; restore the file, or lock the stack again");
    }

    /**
     * What is different now, in the order of the file; empty if everything holds.
     *
     * @param outputDir folder of the trained adapters, one subfolder per stage
     * @throws CairnException if a file cannot be read
     */
    public List<Difference> verify(StackConfig stack, Path outputDir) {
        return differences(new LockedParts(stack, outputDir).sections());
    }

    /**
     * Fails if anything is different now.
     *
     * @throws CairnException naming the first difference; also as {@link #read}
     */
    public static void require(StackConfig stack, Path outputDir) {
        List<Difference> differences = read(stack).verify(stack, outputDir);
        if (!differences.isEmpty()) {
            throw new CairnException(
                    "%s: %s%s; cairn verify %s tells all, and cairn lock accepts what is there now"
                            .formatted(
                                    file(stack),
                                    differences.getFirst(),
                                    differences.size() == 1
                                            ? ""
                                            : ", and %d more".formatted(differences.size() - 1),
                                    stack.file()));
        }
    }

    /** The number of values. */
    public int size() {
        return sections.values().stream().mapToInt(Map::size).sum();
    }

    private List<Difference> differences(SortedMap<String, SortedMap<String, String>> now) {
        List<Difference> differences = new ArrayList<>();
        for (String section : union(sections, now)) {
            SortedMap<String, String> before = sections.getOrDefault(section, new TreeMap<>());
            SortedMap<String, String> after = now.getOrDefault(section, new TreeMap<>());
            for (String name : union(before, after)) {
                String expected = before.get(name);
                String found = after.get(name);
                boolean isUnknown = expected == null || found == null;
                if (!Objects.equals(expected, found)
                        && !(isUnknown && LockedParts.isOptional(section, name))) {
                    differences.add(new Difference(section, name, expected, found));
                }
            }
        }
        return differences;
    }

    private static SortedSet<String> union(SortedMap<String, ?> a, SortedMap<String, ?> b) {
        SortedSet<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }
}
