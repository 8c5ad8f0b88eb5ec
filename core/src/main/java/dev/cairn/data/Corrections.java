package dev.cairn.data;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.LineFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * People's corrections of what stages wrote, in a file with one correction per line. The next
 * training run learns from them.
 */
public final class Corrections {
    /**
     * What a correction is about; a later correction of the same stage at the same place replaces
     * it.
     */
    private record Place(String input, Map<String, String> texts) {}

    private record Entry(String where, CorrectedText correction) {}

    private final List<Entry> entries;

    private Corrections(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads a file, to which another process may be appending; a missing file has no corrections.
     *
     * @throws CairnException naming the file and line of an invalid correction
     */
    public static Corrections read(Path file) {
        requireWhole(file);
        List<Entry> entries = new ArrayList<>();
        LineFile.read(
                file,
                (line, where) -> {
                    int number = Integer.parseInt(where.substring(where.lastIndexOf(':') + 1));
                    if (!line.isBlank()) {
                        entries.add(new Entry(where, CorrectionLine.parse(file, number, line)));
                    }
                });
        return new Corrections(entries);
    }

    /**
     * Appends a correction to a file, which is created if missing. The correction is on disk when
     * this returns.
     *
     * @throws CairnException when it cannot be written
     */
    public static void append(Path file, CorrectedText correction) {
        requireWhole(file);
        AtomicInteger before = new AtomicInteger();
        try (LineFile lines = LineFile.open(file, (line, where) -> before.incrementAndGet())) {
            String id = "correction-%06d".formatted(before.get() + 1);
            lines.add(CorrectionLine.format(correction, id));
        }
    }

    /** A last line written by hand may lack its line break; it must not be dropped. */
    private static void requireWhole(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() == 0) {
                return;
            }
            bytes.seek(bytes.length() - 1);
            if (bytes.read() != '\n') {
                throw new CairnException(
                        file
                                + ": the last line has no line break at its end; add one, or delete the line if it is incomplete");
            }
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** The corrected stages, each with the file and line of its first correction. */
    public Map<String, String> stages() {
        Map<String, String> stages = new TreeMap<>();
        entries.forEach(entry -> stages.putIfAbsent(entry.correction().stage(), entry.where()));
        return stages;
    }

    /**
     * The questions that a stage learns from corrections: of several for the same input and the
     * same texts, the last. Their ids are file and line.
     *
     * @param variables names that the stage's templates use
     * @throws CairnException naming the file and line of a correction that lacks one of these texts
     */
    public List<Question> of(String stage, Collection<String> variables) {
        Map<Place, Question> latest = new LinkedHashMap<>();
        for (Entry entry : entries) {
            CorrectedText correction = entry.correction();
            if (correction.stage().equals(stage)) {
                correction.require(entry.where(), variables);
                latest.put(
                        new Place(correction.input(), read(correction, Set.copyOf(variables))),
                        correction.question(entry.where()));
            }
        }
        return List.copyOf(latest.values());
    }

    /** The texts that a prompt shows; the others make no difference. */
    private static Map<String, String> read(CorrectedText correction, Set<String> variables) {
        return correction.texts().entrySet().stream()
                .filter(text -> variables.contains(text.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
