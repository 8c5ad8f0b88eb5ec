package dev.cairn.cli;

import picocli.CommandLine.Option;

/** {@code --json} of the verbs that tell figures. */
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isWanted;

    boolean isWanted() {
        return isWanted;
    }
}
