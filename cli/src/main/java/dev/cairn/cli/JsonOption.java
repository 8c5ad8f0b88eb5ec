package dev.cairn.cli;

import picocli.CommandLine.Option;

/** {@code --json} of the verbs that tell figures. */
final class JsonOption {
    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean isWanted;

    boolean isWanted() {
        return isWanted;
    }
}
