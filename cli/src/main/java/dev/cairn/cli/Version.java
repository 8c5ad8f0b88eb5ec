package dev.cairn.cli;

import dev.cairn.recipe.ProgramVersion;
import dev.cairn.recipe.Provenance;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code cairn --version}: what a bug report or a measurement needs to state. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "cairn %s (%s)".formatted(ProgramVersion.here().number(), Provenance.machine())
        };
    }
}
