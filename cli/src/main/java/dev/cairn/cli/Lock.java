package dev.cairn.cli;

import dev.cairn.cli.option.AdaptersOption;
import dev.cairn.cli.option.StackParameter;
import dev.cairn.recipe.lock.StackLock;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code cairn lock}: writes down what a stack is made of. */
@Command(
        name = "lock",
        description =
                "Write the digests of all a stack is made of, and the versions, to a .lock file beside its YAML.")
final class Lock implements Callable<Integer> {
    @Mixin private StackParameter stack = new StackParameter();
    @Mixin private AdaptersOption adapters = new AdaptersOption();

    @Override
    public Integer call() {
        StackConfig config = stack.load();
        StackLock lock = StackLock.of(config, adapters.of(config));
        Path file = lock.write(config);
        System.err.printf("%d values in %s%n", lock.size(), file);
        return ExitCode.OK;
    }
}
