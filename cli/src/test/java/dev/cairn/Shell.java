package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs scripts in an environment of their own, with nothing on the PATH but chosen programs. */
final class Shell {
    private final Path outputs;
    private final Path programs;
    private final Map<String, String> environment = new TreeMap<>();

    /** What one command left behind. */
    record Run(int status, String out, String err) {}

    /**
     * @param folder an empty folder, for the programs and for what commands print
     * @param names the programs of this machine that scripts may use, those of them that it has
     */
    Shell(Path folder, String... names) throws IOException {
        outputs = folder;
        programs = Files.createDirectories(folder.resolve("programs"));
        environment.put("PATH", programs.toString());
        for (String name : names) {
            passProgram(name);
        }
    }

    /** Sets a variable of the environment. */
    void set(String name, String value) {
        environment.put(name, value);
    }

    /** The file of the program of that name on the PATH. */
    Path program(String name) {
        return programs.resolve(name);
    }

    /** Runs a bash script to its end. */
    Run run(Path folder, Path script, String... args) throws IOException {
        Path out = output("out");
        Path err = output("err");
        int status = statusOf(start(folder, out, err, script, args));
        return new Run(status, Files.readString(out), Files.readString(err));
    }

    /** Starts a bash script; its output goes to files. */
    Process start(Path folder, Path out, Path err, Path script, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program("bash").toString());
        command.add(script.toString());
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Waits for the end of a process; its exit status. */
    static int statusOf(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a script", e);
        }
    }

    /** A file for what a command prints. */
    Path output(String name) {
        return outputs.resolve(name + ".txt");
    }

    /** Writes an executable file. */
    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void passProgram(String name) throws IOException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                script(program(name), "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
                return;
            }
        }
    }
}
