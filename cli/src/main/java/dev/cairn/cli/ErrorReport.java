package dev.cairn.cli;

import dev.cairn.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports errors to the user: one line on stderr, and the exit status. */
final class ErrorReport implements IExecutionExceptionHandler {
    private final BooleanSupplier verbose;

    /**
     * @param verbose whether to add the stack trace; read when an error is reported
     */
    ErrorReport(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    /** Runs the verb; picocli hands exceptions to the handler below, but not errors. */
    int runLast(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (Error error) {
            return report(error, parsed.commandSpec().commandLine());
        }
    }

    @Override
    public int handleExecutionException(
            Exception exception, CommandLine command, ParseResult parsed) {
        return report(exception, command);
    }

    private int report(Throwable failure, CommandLine command) {
        if (failure instanceof Terminal.BrokenPipe) {
            return Terminal.BrokenPipe.EXIT_CODE;
        }
        PrintWriter err = command.getErr();
        err.println(
                "cairn: "
                        + Failure.explain(failure)
                        + Failure.flags(failure, command.getCommandSpec()));
        if (verbose.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }

    /** Prints one line for an invalid command line, with a hint at the help. */
    static int wrongUsage(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(
                "cairn: %s%s; try %s --help"
                        .formatted(Failure.oneLine(describe(mistake)), guess(mistake), name));
        err.flush();
        return ExitCode.USAGE;
    }

    private static String describe(ParameterException mistake) {
        boolean isVerb =
                mistake instanceof UnmatchedArgumentException unmatched
                        && !unmatched.isUnknownOption()
                        && mistake.getCommandLine().getParent() == null;
        return isVerb
                ? "unknown verb '" + unmatchedWords(mistake).getFirst() + "'"
                : String.valueOf(mistake.getMessage());
    }

    private static String guess(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            return suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?";
        }
        return "";
    }

    private static List<String> unmatchedWords(ParameterException mistake) {
        return ((UnmatchedArgumentException) mistake).getUnmatched();
    }
}
