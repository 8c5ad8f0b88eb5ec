package dev.cairn.cli;

import dev.cairn.recipe.Provenance;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The command line that produced a report. */
final class CommandLineWords {
    private CommandLineWords() {}

    /** The command line of a verb, and the program and machine it runs on. */
    static Provenance provenance(CommandSpec verb) {
        List<String> words = new ArrayList<>(List.of("./cairn"));
        verb.root().commandLine().getParseResult().originalArgs().stream()
                .map(CommandLineWords::quoted)
                .forEach(words::add);
        return new Provenance(String.join(" ", words), new Version().getVersion()[0]);
    }

    /** The word quoted for a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }
}
