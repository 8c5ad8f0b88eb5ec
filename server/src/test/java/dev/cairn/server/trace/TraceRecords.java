package dev.cairn.server.trace;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Answers to keep in tests. */
final class TraceRecords {
    static final Instant START = Instant.parse("2025-03-01T12:00:00.250Z");

    private TraceRecords() {}

    /** Of a stack of the stages focus and answer. */
    static TraceRecord of(String input, String answer) {
        return new TraceRecord(
                "stories",
                START,
                30,
                input,
                Map.of("focus", "given"),
                answer,
                FinishReason.STOP,
                List.of(
                        stage("focus", input + "\nFocus:", "place of " + answer),
                        stage("answer", input + "\nAnswer:", answer)));
    }

    static TraceRecord withoutStages(String input, String answer) {
        return new TraceRecord(
                "base", START, 1, input, Map.of(), answer, FinishReason.STOP, List.of());
    }

    static StageTrace stage(String name, String prompt, String output) {
        return new StageTrace(
                new StageTrace.Identity("stories", name, "pebble", "ab12"),
                prompt,
                output,
                FinishReason.STOP,
                new StageTrace.Tokens(7, 0, 2, List.of(output, ""), List.of(-0.5, -0.25)),
                new StageTrace.Timing(10, 5),
                new SamplingParams(0.5, 40, 0.9, 0, 1, 11));
    }
}
