package dev.cairn.convert;

import dev.cairn.CairnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Fills a model's output folder completely, or leaves it empty. */
final class OutputFolder {
    private OutputFolder() {}

    /**
     * Fills a folder that is empty or does not exist; empties it again if that fails.
     *
     * @throws CairnException when it is not empty
     */
    static void fill(Path directory, Runnable filling) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new CairnException(directory + ": is not a folder; choose another")
                    .suggesting("output");
        }
        if (!entries(directory).isEmpty()) {
            throw new CairnException(
                            directory + ": is not empty; choose another folder, or empty it")
                    .suggesting("output");
        }
        try {
            filling.run();
        } catch (RuntimeException | Error e) {
            clear(directory);
            throw e;
        }
    }

    /** Hidden files do not count: a killed run may have left one, which the next run removes. */
    private static List<Path> entries(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(e -> !String.valueOf(e.getFileName()).startsWith(".")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clear(Path directory) {
        for (Path file : entries(directory)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
