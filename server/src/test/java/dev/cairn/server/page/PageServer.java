package dev.cairn.server.page;

import dev.cairn.server.Server;
import dev.cairn.server.ServerLimits;
import dev.cairn.server.ServerSettings;
import dev.cairn.server.trace.TraceRecord;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.server.trace.TraceSettings;
import dev.cairn.text.FinishReason;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.RequestException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The server with scripted models, and what was corrected through it. */
final class PageServer implements AutoCloseable {
    private final ScriptedModel stories = ScriptedModel.stories();
    private final List<Correction> corrections = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final TraceRecorder traces;
    private final Server server;
    private final String address;

    private PageServer(boolean traced, List<String> keys, ServerLimits limits) {
        folder = temporaryFolder();
        TraceSettings kept = TraceSettings.in(folder.resolve("traces.sqlite"));
        traces = traced ? TraceRecorder.open(kept, line -> {}) : TraceRecorder.off();
        ServerSettings settings =
                new ServerSettings("127.0.0.1", 0, keys, List.of(), false, limits);
        server =
                Server.with(settings, List.of(stories, ScriptedModel.pebble()))
                        .traces(traces)
                        .corrections(this::correct)
                        .start();
        address = server.address() + "/";
    }

    static PageServer start() {
        return new PageServer(true, List.of(), ServerLimits.DEFAULT);
    }

    static PageServer withKey(String key) {
        return new PageServer(true, List.of(key), ServerLimits.DEFAULT);
    }

    static PageServer withoutTraces() {
        return new PageServer(false, List.of(), ServerLimits.DEFAULT);
    }

    /** A server that takes on one request, and lets so many wait. */
    static PageServer oneAtATime(int queue) {
        ServerLimits usual = ServerLimits.DEFAULT;
        return new PageServer(
                true,
                List.of(),
                new ServerLimits(1, queue, usual.bodyBytes(), usual.maxTokens(), usual.timeout()));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("cairn-page");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String correct(Correction correction) {
        if (correction.text().equals("?")) {
            throw new RequestException("text", "no example can be made of '?'");
        }
        corrections.add(correction);
        return "out/stories/corrections/" + correction.stage() + ".jsonl";
    }

    /** Keeps a trace as if it had been asked for, and returns its id. */
    String keep(String model, String input, String answer) {
        TraceRecord trace =
                new TraceRecord(
                        model,
                        Instant.now(),
                        12,
                        input,
                        Map.of(),
                        answer,
                        FinishReason.STOP,
                        List.of());
        return traces.add(trace).orElseThrow();
    }

    ScriptedModel stories() {
        return stories;
    }

    List<Correction> corrections() {
        return List.copyOf(corrections);
    }

    /** With a slash at its end. */
    String address() {
        return address;
    }

    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return; // Closed already.
        }
        server.close();
        traces.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
