package dev.cairn.remote;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Models behind a fake server, whose waits are written down instead of waited for. */
final class Remotes {
    static final String KEY = "sk-very-secret-0123456789";

    final List<Duration> waits = new CopyOnWriteArrayList<>();

    static RemoteSettings settings(URI baseUrl) {
        return settings(baseUrl, Duration.ofSeconds(60), 2, null);
    }

    static RemoteSettings settings(
            URI baseUrl, Duration timeout, int maxRetries, @Nullable String apiKey) {
        return new RemoteSettings(
                baseUrl, "llama3.2:3b", null, 0.7, 0.9, 100, timeout, maxRetries, apiKey);
    }

    RemoteModel open(RemoteSettings settings) {
        return new RemoteModel(Endpoint.chatCompletions(settings, waits::add));
    }

    RemoteModel open(FakeTeacher teacher) {
        return open(settings(teacher.baseUrl()));
    }
}
