package dev.cairn.bench;

import dev.cairn.tensor.Processor;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs figure programs one after the other, each in a process of its own, and prints all figures as
 * one table. Arguments are names of groups ({@link #GROUPS}); without any, all of them run.
 */
final class Bench {
    private static final Path RESULT = BenchModel.FOLDER.resolve("figures.md");

    /**
     * A process that prints figures.
     *
     * @param program a class of this package with its arguments, or a script in tools/bench
     */
    private record Run(String group, List<String> program) {
        static Run of(String group, Class<?> program, String... arguments) {
            List<String> command = new ArrayList<>(List.of(program.getName()));
            command.addAll(List.of(arguments));
            return new Run(group, command);
        }

        static Run peer(String group, String... arguments) {
            List<String> command = new ArrayList<>(List.of("tools/bench/peer"));
            command.addAll(List.of(arguments));
            return new Run(group, command);
        }

        boolean isPeer() {
            return program.getFirst().startsWith("tools/");
        }

        @Override
        public String toString() {
            return String.join(" ", program);
        }
    }

    /** Peers run right after what they are compared with: the machine drifts. */
    private static final List<Run> RUNS =
            List.of(
                    Run.of("limits", Limits.class),
                    Run.of("kernels", KernelsBench.class),
                    Run.of("train", TrainBench.class, "all"),
                    Run.peer("train", "train", "fp32"),
                    Run.peer("train", "train", "bf16"),
                    Run.of("train", TrainBench.class, "completion"),
                    Run.of("prefill", PrefillBench.class),
                    Run.peer("prefill", "prefill", "fp32"),
                    Run.peer("prefill", "prefill", "bf16"),
                    Run.of("decode", DecodeBench.class, "bf16"),
                    Run.of("decode", DecodeBench.class, "int8"),
                    Run.of("decode", DecodeBench.class, "int4"),
                    Run.of("decode", DecodeBench.class, "int8", "lora"),
                    Run.peer("decode", "decode", "fp32"),
                    Run.peer("decode", "decode", "bf16"),
                    Run.of("stack", StackBench.class, "memory", "1"),
                    Run.of("stack", StackBench.class, "memory", "4"),
                    Run.of("stack", StackBench.class, "switch"),
                    Run.of("stack", StackBench.class, "prefix"),
                    Run.of("serve", ServeBench.class, "fp32"),
                    Run.of("serve", ServeBench.class, "bf16"),
                    Run.of("serve", ServeBench.class, "bf16", "lora"),
                    Run.of("serve", ServeBench.class, "int8"),
                    Run.of("serve", ServeBench.class, "int4"),
                    Run.of("startup", StartupBench.class, "bundled"),
                    Run.of("startup", StartupBench.class, "160m"));

    private static final List<String> GROUPS = RUNS.stream().map(Run::group).distinct().toList();

    private Bench() {}

    public static void main(String[] args) throws IOException {
        Set<String> wanted = Set.of(args.length == 0 ? GROUPS.toArray(String[]::new) : args);
        if (!GROUPS.containsAll(wanted)) {
            System.err.println("bench: expected some of " + GROUPS + ", found " + wanted);
            System.exit(2);
        }
        BenchModel.make();
        List<Figure> figures = new ArrayList<>();
        for (Run run : RUNS) {
            if (wanted.contains(run.group())) {
                figures.addAll(figures(run));
            }
        }
        String text = head() + "\n" + new Table(figures).markdown();
        System.out.print("\n" + text);
        Files.writeString(RESULT, text);
        System.err.println("bench: written to " + RESULT);
    }

    private static List<Figure> figures(Run run) throws IOException {
        System.err.println("bench: " + run);
        List<String> command = run.isPeer() ? run.program() : java(run.program());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<Figure> figures = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                System.err.println("  " + line);
                Figure figure = Figure.parse(line);
                if (figure != null) {
                    figures.add(figure);
                }
            }
        }
        int status = exitStatus(process);
        if (status != 0) {
            System.err.printf("bench: %s ended with status %d%n", run, status);
        }
        return figures;
    }

    /** The same Java with the same flags as this one. */
    private static List<String> java(List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(program);
        return command;
    }

    private static int exitStatus(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    /** When, where and with what. */
    private static String head() throws IOException {
        return "%s, commit %s; %s, %d cores, %s; Java %s (%s)%n"
                .formatted(
                        LocalDate.now(java.time.ZoneOffset.UTC),
                        commit(),
                        Processor.here().model(),
                        Runtime.getRuntime().availableProcessors(),
                        features(),
                        Runtime.version(),
                        System.getProperty("java.vendor"));
    }

    private static String commit() throws IOException {
        Process git =
                new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=9")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader lines = git.inputReader()) {
            String line = lines.readLine();
            return line == null ? "unknown" : line;
        }
    }

    private static String features() {
        return Stream.of("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd")
                .filter(Processor.here().features()::contains)
                .collect(Collectors.joining(" "));
    }
}
