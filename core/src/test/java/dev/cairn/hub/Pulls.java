package dev.cairn.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pulls of a test: from a fake hub into a folder, without waiting. */
final class Pulls {
    /** What the downloads were said to do, and how long they would have waited. */
    static final class Notes implements PullListener {
        final List<String> begun = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        final List<Duration> waits = new ArrayList<>();
        long advanced;

        @Override
        public void begins(String file, long done, long size) {
            begun.add(file + " " + done + "/" + size);
        }

        @Override
        public void advances(long done) {
            advanced = done;
        }

        @Override
        public void ends() {
            begun.add("end");
        }

        @Override
        public void notes(String message) {
            notes.add(message);
        }
    }

    final Notes notes = new Notes();
    final Path cache;
    private final String endpoint;
    private boolean isOffline;
    private String token = "";
    private Duration timeout = Duration.ofSeconds(20);

    Pulls(FakeHub hub, Path cache) {
        this.endpoint = hub.endpoint();
        this.cache = cache;
    }

    Pulls offline() {
        isOffline = true;
        return this;
    }

    Pulls token(String value) {
        token = value;
        return this;
    }

    Pulls timeout(Duration value) {
        timeout = value;
        return this;
    }

    Hub hub() {
        return Hub.open(settings(), notes, timeout, notes.waits::add);
    }

    HubSettings settings() {
        return new HubSettings(
                cache,
                URI.create(endpoint),
                isOffline,
                new HubToken("HF_TOKEN", token, Path.of("none")));
    }

    Hub.Pulled pull(String id) {
        return hub().pull(HubId.parse(id));
    }

    /** Bytes that differ everywhere, so that a piece in the wrong place shows. */
    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
