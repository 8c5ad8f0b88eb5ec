package dev.cairn.cli;

import dev.cairn.cli.terminal.Terminal;
import dev.cairn.tensor.ColdStart;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code cairn}. A new verb is one class and one entry in the list below. */
@Command(
        name = "cairn",
        description = "Train, run and inspect stacks of small language models.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT)
public final class Cairn implements Callable<Integer> {
    private static final List<Class<?>> VERBS =
            List.of(
                    New.class,
                    Distill.class,
                    Train.class,
                    Run.class,
                    Chat.class,
                    Serve.class,
                    Eval.class,
                    Compare.class,
                    Score.class,
                    Show.class,
                    Bench.class,
                    Probe.class,
                    Lock.class,
                    Verify.class,
                    Doctor.class,
                    Stories.class,
                    Pretrain.class,
                    Pull.class,
                    ListModels.class,
                    Remove.class,
                    Fuse.class,
                    Export.class,
                    Import.class,
                    HelpCommand.class);

    private static final String NO_NATIVE = "--no-native";

    @Spec private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error.")
    private boolean verbose;

    /** For machines on which oneDNN causes problems; read before any kernel is chosen. */
    @Option(
            names = NO_NATIVE,
            scope = ScopeType.INHERIT,
            description = "Compute in Java only, without the native library oneDNN.")
    private void computeInJava(boolean wanted) {
        if (wanted) {
            System.setProperty("cairn.native", "false");
        }
    }

    private Cairn() {
        spec = CommandSpec.create(); // replaced by picocli
    }

    /**
     * Runs one verb and ends the process with exit status 0 (done), 1 (failed) or 2 (wrong usage).
     */
    public static void main(String[] args) {
        // Otherwise picocli looks for Groovy's closures, for which the JVM opens every library.
        System.setProperty("picocli.disable.closures", "true");
        Terminal.open();
        Class<?> verb = args.length == 0 ? null : verb(args[0]);
        if (verb == Run.class || verb == Chat.class) {
            beginEarly(args);
        }
        System.exit(commandLine(verb == null ? VERBS : List.of(verb)).execute(args));
    }

    /**
     * Starts slow work early: the process gives one answer, so the time to its first word matters
     * most.
     */
    private static void beginEarly(String[] args) {
        ColdStart.begin();
        if (mayUseOneDnn(args)) {
            // Takes as long as picocli and YAML parsing together.
            Thread.ofPlatform().daemon().name("cairn-native").start(Kernels::fastest);
        }
    }

    /**
     * Whether oneDNN may be loaded before the command line is parsed: not if {@code --no-native} is
     * in it, or may be in a file that it names.
     */
    static boolean mayUseOneDnn(String[] args) {
        return Stream.of(args).noneMatch(arg -> arg.startsWith(NO_NATIVE) || arg.startsWith("@"));
    }

    /**
     * The verb of that name, or null. Picocli takes a tenth of a second to inspect all verbs, so if
     * one is named, it is given only that one.
     */
    private static @Nullable Class<?> verb(String name) {
        return VERBS.stream()
                .filter(verb -> verb != HelpCommand.class)
                .filter(verb -> verb.getAnnotation(Command.class).name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The whole command line, ready to execute; separate from {@link #main} for tests. */
    static CommandLine commandLine() {
        return commandLine(VERBS);
    }

    private static CommandLine commandLine(List<Class<?>> verbs) {
        Cairn root = new Cairn();
        ErrorReport errors = new ErrorReport(() -> root.verbose);
        CommandLine command = new CommandLine(root);
        verbs.forEach(command::addSubcommand);
        return command.setExecutionStrategy(errors::runLast)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(ErrorReport::wrongUsage)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs when no verb is given. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
