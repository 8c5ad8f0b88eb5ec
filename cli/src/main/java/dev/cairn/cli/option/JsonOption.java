package dev.cairn.cli.option;

import picocli.CommandLine.Option;

/** {@code --json} of the verbs that tell figures. */
public final class JsonOption {
    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean isWanted;

    public boolean isWanted() {
        return isWanted;
    }
}
