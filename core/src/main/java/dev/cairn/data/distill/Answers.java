package dev.cairn.data.distill;

import dev.cairn.support.LineFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A teacher's answers so far, by the key of the request. Safe for use by several threads. */
public final class Answers {
    private final Map<String, List<Exchange>> byKey = new ConcurrentHashMap<>();

    private Answers() {}

    /** No answers. */
    public static Answers none() {
        return new Answers();
    }

    /**
     * Reads a file, to which another process may be writing; a missing file has no answers.
     *
     * @throws dev.cairn.CairnException naming the file and the line that is not an answer
     */
    public static Answers read(Path file) {
        Answers answers = none();
        LineFile.read(file, (line, where) -> answers.add(ExchangeJson.parse(line, where)));
        return answers;
    }

    void add(Exchange exchange) {
        byKey.compute(
                exchange.request().key(),
                (key, before) -> {
                    List<Exchange> all = new ArrayList<>(before == null ? List.of() : before);
                    all.add(exchange);
                    return List.copyOf(all);
                });
    }

    /** The exchanges with this key, in the order in which they came. */
    List<Exchange> to(String key) {
        return byKey.getOrDefault(key, List.of());
    }
}
