package dev.cairn.cli;

import dev.cairn.recipe.HubModelFinder;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;

/** NamedModels and stacks as the command line names them; downloads are shown. */
final class NamedModels {
    private NamedModels() {}

    /** Finds models on this machine, else on the hub that the environment names. */
    static HubModelFinder finder() {
        return new HubModelFinder(Environment::hub, new PullBar());
    }

    /** The stack of a YAML file. */
    static StackConfig stack(Path file) {
        return StackConfig.load(file, finder());
    }
}
