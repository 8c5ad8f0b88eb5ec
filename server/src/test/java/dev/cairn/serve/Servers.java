package dev.cairn.serve;

import dev.cairn.serve.trace.Traces;
import dev.cairn.text.completion.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Servers on free ports of this machine. */
final class Servers {
    static final Limits LIMITS = new Limits(2, 2, 1 << 16, 100, Duration.ofMinutes(1));

    private Servers() {}

    static ServerSettings settings(Limits limits) {
        return new ServerSettings("127.0.0.1", 0, List.of(), List.of(), false, limits);
    }

    static Server start(ServedModel... models) {
        return start(settings(LIMITS), models);
    }

    static Server start(ServerSettings settings, ServedModel... models) {
        return start(settings, line -> {}, models);
    }

    static Server start(ServerSettings settings, Consumer<String> log, ServedModel... models) {
        return start(settings, log, Duration.ofSeconds(30), models);
    }

    /**
     * @param idle how long a connection may make no progress
     */
    static Server start(ServerSettings settings, Duration idle, ServedModel... models) {
        return start(settings, line -> {}, idle, models);
    }

    private static Server start(
            ServerSettings settings, Consumer<String> log, Duration idle, ServedModel... models) {
        return Server.start(
                settings,
                List.of(models),
                Traces.off(),
                correction -> {
                    throw new AssertionError("nobody corrects here");
                },
                registry -> {},
                log,
                idle);
    }
}
