package dev.cairn.recipe;

import dev.cairn.eval.Fact;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a report: what a reader needs to reproduce it.
 *
 * @param command the command line; null if a program called Cairn
 * @param program the program's version and the machine it runs on
 */
public record Provenance(@Nullable String command, String program) {
    /** The provenance of a program that calls Cairn. */
    public static Provenance ofThisProgram() {
        return new Provenance(null, "cairn (" + machine() + ")");
    }

    /** Java, the operating system and the number of cores. */
    public static String machine() {
        return "Java %s, %s %s, %d cores"
                .formatted(
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors());
    }

    /** Rows for a report: this provenance, today's date and the given facts. */
    public List<Fact> facts(List<Fact> more) {
        List<Fact> facts = new ArrayList<>();
        if (command != null) {
            facts.add(new Fact("Command", command));
        }
        facts.addAll(more);
        facts.add(new Fact("Date", LocalDate.now(ZoneId.systemDefault()).toString()));
        facts.add(new Fact("Program and machine", program));
        return facts;
    }
}
