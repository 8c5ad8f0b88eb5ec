package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The source of a task's records.
 *
 * @param pattern a path, with at most one {@code *} in its last name
 */
record DocSource(
        YamlFile yaml,
        String pattern,
        FileFormat format,
        List<String> fields,
        @Nullable Extraction extraction) {

    static DocSource ofItems(YamlFile yaml, TaskConfig config) {
        return of(
                yaml,
                "",
                new TaskConfig.Fewshot(
                        config.testFile(),
                        config.fileFormat(),
                        config.fields(),
                        config.extract(),
                        null,
                        null,
                        null));
    }

    /** Few-shot examples use the items' settings for omitted keys if they are in the same file. */
    static DocSource ofExamples(YamlFile yaml, TaskConfig.Fewshot config) {
        return of(yaml, "fewshot_config.", config);
    }

    private static DocSource of(YamlFile yaml, String keys, TaskConfig.Fewshot config) {
        FileFormat format = config.fileFormat() == null ? FileFormat.JSON : config.fileFormat();
        List<String> fields = config.fields() == null ? List.of() : config.fields();
        if ((format == FileFormat.LINES) == fields.isEmpty()) {
            throw yaml.error(
                    keys + "fields",
                    "belongs to file_format lines, and is required there: it names the lines of a record");
        }
        return new DocSource(
                yaml,
                config.file(),
                format,
                fields,
                Extraction.of(config.extract(), yaml, keys + "extract"));
    }

    /**
     * The files by the text that {@code *} matches, sorted; without a {@code *}, the only file
     * under "".
     */
    SortedMap<String, Path> files(@Nullable Path dataFolder) {
        SortedMap<String, Path> files = new TreeMap<>();
        Path path = resolve(pattern, dataFolder);
        String name = String.valueOf(path.getFileName());
        int star = name.indexOf('*');
        if (star < 0) {
            files.put("", path);
            return files;
        }
        String before = name.substring(0, star);
        String after = name.substring(star + 1);
        try (Stream<Path> all = Files.list(path.resolveSibling("."))) {
            all.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.length() > before.length() + after.length())
                    .filter(file -> file.startsWith(before) && file.endsWith(after))
                    .forEach(file ->
                            files.put(
                                    file.substring(star, file.length() - after.length()),
                                    path.resolveSibling(file)));
        } catch (IOException e) {
            throw new CairnException(
                            "%s: cannot be read: %s; check the path of the data"
                                    .formatted(path, AtomicFiles.reason(e)),
                            e)
                    .suggesting("data");
        }
        if (files.isEmpty()) {
            throw new CairnException(path + ": expected at least one matching file, found none");
        }
        return files;
    }

    boolean hasStar() {
        return pattern.contains("*");
    }

    /** The file of a kind of items, whose name replaces the {@code *}. */
    Path file(@Nullable Path dataFolder, String kind) {
        return resolve(pattern.replace("*", kind), dataFolder);
    }

    private Path resolve(String name, @Nullable Path dataFolder) {
        if (name.startsWith("./") || name.startsWith("../") || Path.of(name).isAbsolute()) {
            return yaml.resolve(name);
        }
        if (dataFolder == null) {
            throw yaml.error("", "reads %s from the data folder; name that folder".formatted(name))
                    .suggesting("data");
        }
        return dataFolder.resolve(name);
    }

    /** The records of one file. */
    List<TaskDoc> read(Path file, String part) {
        List<TaskRecord> records = RecordFile.read(file, format, fields);
        if (extraction != null) {
            records.forEach(extraction::addTo);
        }
        return records.stream().map(record -> TaskDoc.of(record, part)).toList();
    }
}
