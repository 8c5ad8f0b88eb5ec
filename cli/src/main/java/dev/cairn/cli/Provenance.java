package dev.cairn.cli;

import dev.cairn.eval.Fact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** How a report came about: what a reader needs to make it again. */
final class Provenance {
    private Provenance() {}

    /** The command line, the date, the program and the machine, and what else is given. */
    static List<Fact> of(CommandSpec verb, Clock clock, List<Fact> more) {
        List<Fact> facts = new ArrayList<>();
        List<String> words = new ArrayList<>(List.of("./cairn"));
        verb.root().commandLine().getParseResult().originalArgs().stream()
                .map(Provenance::quoted)
                .forEach(words::add);
        facts.add(new Fact("Command", String.join(" ", words)));
        facts.addAll(more);
        facts.add(new Fact("Date", LocalDate.now(clock).toString()));
        try {
            facts.add(new Fact("Program and machine", new Version().getVersion()[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return facts;
    }

    /** As a shell has to read it to see the same word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }
}
