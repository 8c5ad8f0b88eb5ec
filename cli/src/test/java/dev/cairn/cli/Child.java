package dev.cairn.cli;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a verb in a JVM of its own, which can be killed. */
final class Child {
    /** What a killed program ends with: 128 + SIGKILL. */
    static final int KILLED = 137;

    /** Far more than any of them takes: reached only by one that hangs. */
    private static final int DEADLINE_SECONDS = 120;

    /** The verbs that compute for a while: only the JVM's second compiler makes vectors fast. */
    private static final Set<String> COMPUTING = Set.of("train", "pretrain", "serve", "doctor");

    private Child() {}

    /**
     * Starts a verb and kills it as {@code kill -9} does when it prints a certain line. It goes on
     * until the signal reaches it, so there must be much left to do.
     *
     * @return its exit status; {@link #KILLED} unless it was done before
     */
    static int killedAt(Predicate<String> line, Object... args) throws IOException {
        Process process = start(args);
        // The reader kills, with no other thread to wait for: the process goes on meanwhile.
        CompletableFuture<Void> seen =
                CompletableFuture.runAsync(() -> {
                    await(process, line);
                    process.destroyForcibly();
                });
        try {
            seen.get(DEADLINE_SECONDS, SECONDS);
            return kill(process);
        } catch (TimeoutException e) {
            throw new AssertionError("the line did not come: " + List.of(args), e);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Starts a verb, with its output and its errors apart.
     *
     * @param hub variables that say where the hub and its cache are, instead of this process's own
     */
    static Process start(Map<String, String> hub, Object... args) throws IOException {
        ProcessBuilder child = builder(args);
        child.environment().keySet().removeIf(name -> name.matches("(HF|HUGGING|TRANSFORMERS)_.*"));
        child.environment().putAll(hub);
        return child.start();
    }

    /** Starts a verb that cannot make a file larger than so many KiB. */
    static Process limited(int kibibytes, Object... args) throws IOException {
        ProcessBuilder child = builder(args);
        List<String> command =
                new ArrayList<>(
                        List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
        command.addAll(child.command());
        return child.command(command).start();
    }

    /** Kills a verb as {@code kill -9} does; its exit status. */
    static int kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(DEADLINE_SECONDS, SECONDS)) {
            throw new AssertionError("a killed process lives on");
        }
        return process.exitValue();
    }

    /** Waits for the end of a verb. */
    static Cli.Result result(Process process) {
        CompletableFuture<String> out =
                CompletableFuture.supplyAsync(
                        () -> all(process.inputReader(StandardCharsets.UTF_8)));
        CompletableFuture<String> err =
                CompletableFuture.supplyAsync(
                        () -> all(process.errorReader(StandardCharsets.UTF_8)));
        try {
            if (!process.waitFor(DEADLINE_SECONDS, SECONDS)) {
                throw new AssertionError("it does not end; it said " + err.getNow("nothing"));
            }
            return new Cli.Result(process.exitValue(), out.get(), err.get());
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The line that the launcher takes away, see docs/decisions/0001-launcher.md. */
    static boolean isOfTheJvm(String line) {
        return line.startsWith("WARNING: Using incubator modules");
    }

    private static String all(BufferedReader reader) {
        return reader.lines()
                .filter(line -> !isOfTheJvm(line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Process start(Object... args) throws IOException {
        return builder(args).redirectErrorStream(true).start();
    }

    private static ProcessBuilder builder(Object... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // As in the test's own JVM: the results must be the same to the bit.
        command.addAll(
                List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m", "-XX:+UseSerialGC"));
        // Over before the second compiler pays off, which takes its time from other tests; or soon
        // after, if only kernels and what is as busy are worth it.
        command.add(
                COMPUTING.contains(args[0])
                        ? "-XX:CompileThresholdScaling=5"
                        : "-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Cairn.class.getName());
        Stream.of(args).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    }

    private static void await(Process process, Predicate<String> wanted) {
        try {
            // Not closed: a child whose reader goes away would end by itself.
            BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            List<String> said = new ArrayList<>();
            String line = reader.readLine();
            while (line != null && !wanted.test(line)) {
                said.add(line);
                line = reader.readLine();
            }
            if (line == null) {
                throw new AssertionError("it ended before it was killed and said " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
