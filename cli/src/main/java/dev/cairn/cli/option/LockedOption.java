package dev.cairn.cli.option;

import dev.cairn.CairnException;
import dev.cairn.recipe.lock.StackLock;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --locked} of the verbs that open a trained stack. */
public final class LockedOption {
    @Option(
            names = "--locked",
            description =
                    "Refuse a stack that differs from its lock file, which cairn lock has written.")
    private boolean isWanted;

    /**
     * Compares a stack with its lock, if that is wanted.
     *
     * @throws CairnException if something differs, or there is no lock
     */
    public void check(StackConfig stack, Path outputDir) {
        if (isWanted) {
            StackLock.require(stack, outputDir);
        }
    }

    /** Refuses the option for what is no stack. */
    public void refuse(String name) {
        if (isWanted) {
            throw new CairnException(
                    "--locked goes with a stack's YAML, which cairn lock locks; found " + name);
        }
    }
}
