package dev.cairn.cli;

import dev.cairn.cli.option.AdaptersOption;
import dev.cairn.cli.option.StackParameter;
import dev.cairn.recipe.lock.StackLock;
import dev.cairn.stack.config.StackConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code cairn verify}: says what of a stack has changed since it was locked. */
@Command(
        name = "verify",
        description =
                "Compare a stack with its lock file: one line for each thing that changed, and status 1.")
final class Verify implements Callable<Integer> {
    @Mixin private StackParameter stack = new StackParameter();
    @Mixin private AdaptersOption adapters = new AdaptersOption();

    @Override
    public Integer call() {
        StackConfig config = stack.load();
        StackLock lock = StackLock.read(config);
        List<StackLock.Difference> differences = lock.verify(config, adapters.of(config));
        differences.forEach(System.out::println);
        if (differences.isEmpty()) {
            System.err.printf("as locked: %d values%n", lock.size());
            return ExitCode.OK;
        }
        System.err.printf(
                "%d differ from %s; cairn lock %s accepts what is there now%n",
                differences.size(), StackLock.file(config), config.file());
        return ExitCode.SOFTWARE;
    }
}
