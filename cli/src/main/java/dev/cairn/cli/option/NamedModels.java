package dev.cairn.cli.option;

import dev.cairn.cli.terminal.PullBar;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;

/** Finds the models and stacks that the command line names; shows downloads. */
public final class NamedModels {
    private NamedModels() {}

    /** A finder of models on this machine or else on the hub that the environment configures. */
    public static HubModelFinder finder() {
        return new HubModelFinder(Environment::hub, new PullBar());
    }

    /** The stack of a YAML file. */
    public static StackConfig stack(Path file) {
        return StackConfig.load(file, finder());
    }
}
