package dev.cairn.server;

import dev.cairn.text.completion.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Servers on free ports of this machine. */
public final class Servers {
    public static final ServerLimits LIMITS =
            new ServerLimits(2, 2, 1 << 16, 100, Duration.ofMinutes(1));

    private Servers() {}

    public static ServerSettings settings(ServerLimits limits) {
        return new ServerSettings("127.0.0.1", 0, List.of(), List.of(), false, limits);
    }

    public static Server start(ServedModel... models) {
        return start(settings(LIMITS), models);
    }

    public static Server start(ServerSettings settings, ServedModel... models) {
        return Server.start(settings, List.of(models));
    }

    public static Server start(
            ServerSettings settings, Consumer<String> log, ServedModel... models) {
        return Server.with(settings, List.of(models)).log(log).start();
    }

    static Server start(ServerSettings settings, TestClock clock, ServedModel... models) {
        return Server.with(settings, List.of(models)).nanoTime(clock).start();
    }

    /**
     * @param idle how long a connection may make no progress
     */
    public static Server start(ServerSettings settings, Duration idle, ServedModel... models) {
        return Server.with(settings, List.of(models)).idleTimeout(idle).start();
    }
}
