package dev.cairn.server.trace;

import java.nio.file.Path;

/** A program that keeps traces until it is killed, or so many, and prints what came of each. */
final class TraceWriter {
    private TraceWriter() {}

    /** The file, how many traces, and how many characters each has. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[1]);
        String padding = "x".repeat(Integer.parseInt(args[2]));
        TraceSettings settings = TraceSettings.in(Path.of(args[0]));
        try (TraceRecorder traces = TraceRecorder.open(settings, System.err::println)) {
            for (int i = 0; i < count; i++) {
                TraceRecord recorded = TraceRecords.of("question " + i + " " + padding, "a");
                System.out.println(traces.add(recorded).orElse("lost"));
            }
            System.out.println("lost " + traces.store().orElseThrow().lost());
        }
    }
}
