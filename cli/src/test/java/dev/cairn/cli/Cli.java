package dev.cairn.cli;

import dev.cairn.cli.option.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs verbs in this JVM as a user runs them in a terminal of their own. */
final class Cli {
    /** What one command left behind. */
    record Result(int status, String out, String err) {
        /** The last line on stderr, for verbs that tell of their progress before. */
        String lastError() {
            return err.isEmpty() ? "" : err.lines().toList().getLast();
        }
    }

    private Cli() {}

    /** Runs the words; a list among them stands for its elements. */
    static Result cairn(Object... args) {
        return cairnReading("", args);
    }

    /** With environment variables of its own. */
    static Result cairnWith(Map<String, String> environment, Object... args) {
        return ScopedValue.where(Environment.VARIABLES, environment).call(() -> cairn(args));
    }

    /** With something to read on stdin. */
    static Result cairnReading(String stdin, Object... args) {
        return run(Cairn.commandLine(), stdin, args);
    }

    /** Runs a command line that a test has made. */
    static Result run(CommandLine command, String stdin, Object... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            System.setIn(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
            command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                    .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
            int status = command.execute(words(args));
            return new Result(
                    status,
                    outBytes.toString(StandardCharsets.UTF_8),
                    errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
        }
    }

    private static String[] words(Object... args) {
        return Stream.of(args)
                .flatMap(arg -> arg instanceof List<?> list ? list.stream() : Stream.of(arg))
                .map(Object::toString)
                .toArray(String[]::new);
    }
}
