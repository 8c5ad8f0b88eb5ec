package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.CairnException;
import dev.cairn.cli.terminal.Terminal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CairnCliTest {
    /** What one run of the command line left behind. */
    private record Run(int status, String out, String err) {}

    @Command(name = "fail", description = "Fails with a given error.")
    private static final class Fail implements Callable<Integer> {
        private final Throwable failure;

        @SuppressWarnings("UnusedVariable") // there to be mistyped
        @Option(names = "--limit")
        private int limit;

        Fail(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    private static Run run(Throwable failure, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine cairn = Cairn.commandLine().addSubcommand(new Fail(failure));
        int status = cairn.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
        return new Run(status, out.toString(), err.toString());
    }

    private static Run run(String... args) {
        return run(new AssertionError("not asked to fail"), args);
    }

    @Test
    void anErrorMeantForAPersonIsItsMessageAlone() {
        Run run = run(new CairnException("a.yaml: stages: is empty; add one"), "fail");
        assertThat(run).isEqualTo(new Run(1, "", "cairn: a.yaml: stages: is empty; add one\n"));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new CompletionException(new CairnException("x: wrong")),
                        "cairn: x: wrong\n"),
                Arguments.of(
                        new UncheckedIOException(new NoSuchFileException("m/config.json")),
                        "cairn: m/config.json: no such file or folder; check the path\n"),
                Arguments.of(
                        new AccessDeniedException("out/a"),
                        "cairn: out/a: permission denied; check who may read and write it\n"),
                Arguments.of(
                        new FileSystemException("out/a", null, "No space left on device"),
                        "cairn: out/a: no space left on the disk; free some and run again\n"),
                Arguments.of(
                        new IOException("No space left on device"),
                        "cairn: no space left on the disk; free some and run again\n"),
                Arguments.of(
                        new FileNotFoundException("a (Is a directory)"),
                        "cairn: a (Is a directory); check the path and its permissions\n"),
                Arguments.of(
                        new MalformedInputException(1),
                        "cairn: a file is not UTF-8 text; convert it to UTF-8\n"),
                Arguments.of(
                        new IllegalStateException("two\nlines"),
                        "cairn: internal error: java.lang.IllegalStateException: two lines;"
                                + " run again with --verbose and report what it says\n"),
                Arguments.of(
                        new NoClassDefFoundError("x/Y"),
                        "cairn: internal error: java.lang.NoClassDefFoundError: x/Y;"
                                + " run again with --verbose and report what it says\n"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureIsOneLineThatSaysWhatToDo(Throwable failure, String line) {
        assertThat(run(failure, "fail")).isEqualTo(new Run(1, "", line));
    }

    @Test
    void outOfMemoryNamesTheLimitAndHowToRaiseIt() {
        Run run = run(new OutOfMemoryError("Java heap space"), "fail");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("cairn: out of memory (Java heap space, limit ")
                .contains("CAIRN_JAVA_OPTS=-Xmx")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--verbose fail", "fail --verbose"})
    void verboseBeforeOrAfterTheVerbAddsTheStackTrace(String args) {
        Run run = run(new CairnException("x: wrong"), args.split(" ", -1));
        assertThat(run.err())
                .startsWith("cairn: x: wrong\n")
                .contains("at dev.cairn.cli.CairnCliTest");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aReaderThatGoesAwayEndsTheProgramWithoutAWord() {
        Run run = run(new Terminal.BrokenPipe(new IOException("Broken pipe")), "fail");
        assertThat(run).isEqualTo(new Run(141, "", ""));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("fai", "unknown verb 'fai'; did you mean fail?; try cairn --help"),
                Arguments.of("--fast", "Unknown option: '--fast'; try cairn --help"),
                Arguments.of(
                        "fail --limt 3",
                        "Unknown options: '--limt', '3'; did you mean --limit?;"
                                + " try cairn fail --help"),
                Arguments.of(
                        "fail --limit many",
                        "Invalid value for option '--limit': 'many' is not an int;"
                                + " try cairn fail --help"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void wrongUsageIsOneLineWithTheWayToTheHelp(String args, String line) {
        assertThat(run(args.split(" ", -1))).isEqualTo(new Run(2, "", "cairn: " + line + "\n"));
    }

    @Test
    void withoutAVerbTheUsageGoesToStderr() {
        Run run = run();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("Usage: cairn")
                .contains("fail", "Fails with a given error.");
    }

    @Test
    void aVerbAddedToTheListHasHelp() {
        Run run = run("fail", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Usage: cairn fail", "--limit", "--verbose");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theVersionNamesCairnAndJava() {
        Run run = run("--version");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("cairn ")
                .contains("Java " + Runtime.version().feature())
                .hasLineCount(1);
    }
}
