package dev.cairn.data.distill;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a teacher said so far, by the key of the request. Safe for use by several threads. */
public final class Answers {
    private static final int BLOCK = 1 << 16;

    private final Map<String, List<Exchange>> byKey = new ConcurrentHashMap<>();

    /** None yet. */
    public static Answers none() {
        return new Answers();
    }

    /**
     * Those of a file, while somebody may be writing to it; none when there is no such file.
     *
     * @throws CairnException naming file and line when it holds something else
     */
    public static Answers read(Path file) {
        if (!Files.exists(file)) {
            return none();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return read(file, channel, wholeLines(channel));
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** The answers in the first {@code length} bytes. */
    static Answers read(Path file, FileChannel channel, long length) throws IOException {
        Answers answers = none();
        channel.position(0);
        // Not closed: that would close the channel, and with it the lock on the file.
        InputStream in = Channels.newInputStream(channel);
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                new FirstBytes(in, length), StandardCharsets.UTF_8.newDecoder()));
        int number = 1;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            answers.add(ExchangeJson.parse(line, file + ":" + number));
            number++;
        }
        return answers;
    }

    /** How much of a file is whole lines: what follows was being written when its writer ended. */
    static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long end = channel.size(); end > 0; ) {
            long start = Math.max(0, end - BLOCK);
            block.clear().limit((int) (end - start));
            while (block.hasRemaining() && channel.read(block, start + block.position()) >= 0) {}
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
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

    /** In the order in which they came. */
    List<Exchange> to(String key) {
        return byKey.getOrDefault(key, List.of());
    }
}
