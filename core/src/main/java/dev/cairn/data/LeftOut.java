package dev.cairn.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The number of records in a file that were left out because they teach nothing.
 *
 * @param records all records of the file, including these
 * @param emptyOutputs records without an output
 * @param duplicates records that repeat an earlier input and output
 * @param untrained records that say of all their answers that they are not to be learnt, as {@code
 *     "weight": 0} does
 */
public record LeftOut(Path file, int records, int emptyOutputs, int duplicates, int untrained) {
    /** Whether any record was left out. */
    public boolean isAny() {
        return emptyOutputs + duplicates + untrained > 0;
    }

    /** One line for people. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (emptyOutputs > 0) {
            parts.add(count(emptyOutputs, "record") + " with an empty output");
        }
        if (duplicates > 0) {
            parts.add(count(duplicates, "duplicate"));
        }
        if (untrained > 0) {
            parts.add(count(untrained, "record") + " whose answers are not to be learnt");
        }
        return String.format(
                Locale.ROOT, "%s: left out %s of %,d", file, String.join(" and ", parts), records);
    }

    private static String count(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
