package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.records.FileNames;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects the files of a directory to read: only the part asked for if the directory is divided
 * into {@code train}, {@code valid} and {@code test}, otherwise all.
 */
final class QuestionFiles {
    private static final String ENDINGS = ".*\\.(jsonl|json|txt)";
    private static final String PARTS = "(train|valid|test)\\.(jsonl|json)";

    private QuestionFiles() {}

    /**
     * The file itself, or the files directly in the directory, sorted by name.
     *
     * @param parts parts of a divided directory; the first one present is read
     * @throws CairnException naming the file or directory when there is nothing to read
     */
    static List<Path> of(Path fileOrDirectory, List<String> parts) {
        if (!Files.exists(fileOrDirectory)) {
            throw new CairnException(fileOrDirectory + ": no such file or directory");
        }
        if (!Files.isDirectory(fileOrDirectory)) {
            return List.of(fileOrDirectory);
        }
        List<Path> files = list(fileOrDirectory);
        if (files.isEmpty()) {
            throw new CairnException(
                    fileOrDirectory
                            + ": no question file (*.jsonl, *.json or *.txt) in this directory");
        }
        List<Path> divided = files.stream().filter(file -> name(file).matches(PARTS)).toList();
        return divided.isEmpty() ? files : List.of(part(fileOrDirectory, divided, parts));
    }

    private static Path part(Path directory, List<Path> divided, List<String> parts) {
        for (String part : parts) {
            List<Path> found =
                    divided.stream().filter(file -> FileNames.stem(file).equals(part)).toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
            if (found.size() > 1) {
                throw new CairnException(
                        "%s: expected one of %s, found both; name the file to read"
                                .formatted(directory, names(found)));
            }
        }
        throw new CairnException(
                "%s: expected %s, found %s; add it or name the file to read"
                        .formatted(
                                directory,
                                parts.stream()
                                        .map(part -> part + ".jsonl")
                                        .collect(Collectors.joining(" or ")),
                                names(divided)));
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> Files.isRegularFile(file) && name(file).matches(ENDINGS))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CairnException(directory + ": cannot be listed: " + AtomicFiles.reason(e), e);
        }
    }

    private static String names(List<Path> files) {
        return files.stream().map(QuestionFiles::name).collect(Collectors.joining(" and "));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
