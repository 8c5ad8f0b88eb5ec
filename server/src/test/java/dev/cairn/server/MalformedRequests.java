package dev.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;

/** Requests that are wrong in ways nobody thought of, the same for the same seed. */
final class MalformedRequests {
    private static final List<String> PATHS =
            List.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/tokenize",
                    "/v1/models/%2e%2e",
                    "/page/../../x",
                    "/v1//completions",
                    "/%00",
                    "*");

    private static final List<String> METHODS =
            List.of("POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS", "BREW", "post");

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "1e999",
                    "0.1",
                    "99999999999999999999",
                    "\"\"",
                    "\"m\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "[[1,[2]]]",
                    "[null]",
                    "{\"role\":\"user\"}",
                    "\"\\ud83d\"",
                    "\"\\u0000\"",
                    "[{\"role\":\"user\",\"content\":\"hi\"}]",
                    "NaN",
                    "'x'",
                    "{\"type\":\"text\"}",
                    "[1,2,3]",
                    "\"stories\"");

    private static final List<String> NAMES =
            List.of(
                    "model",
                    "messages",
                    "prompt",
                    "max_tokens",
                    "temperature",
                    "stop",
                    "stream",
                    "cairn",
                    "logprobs",
                    "top_logprobs",
                    "echo",
                    "n",
                    "tools",
                    "content",
                    "seed",
                    "stream_options",
                    "response_format",
                    "");

    private MalformedRequests() {}

    static byte[] request(Random random) {
        StringBuilder body = new StringBuilder("{\"model\":\"m\"");
        int fields = random.nextInt(6);
        for (int i = 0; i < fields; i++) {
            body.append(",\"").append(pick(NAMES, random)).append("\":");
            body.append(pick(VALUES, random));
        }
        body.append('}');
        byte[] bytes = damaged(body.toString().getBytes(UTF_8), random);
        long length = random.nextInt(10) == 0 ? random.nextInt(300) - 5 : bytes.length;
        String head =
                "%s %s HTTP/1.%d\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                        .formatted(
                                pick(METHODS, random),
                                pick(PATHS, random),
                                random.nextInt(20) == 0 ? 7 : 1,
                                length);
        byte[] request = new byte[head.length() + bytes.length];
        byte[] first = head.getBytes(UTF_8);
        System.arraycopy(first, 0, request, 0, first.length);
        System.arraycopy(bytes, 0, request, first.length, bytes.length);
        return random.nextInt(10) == 0 ? damaged(request, random) : request;
    }

    /** Some bytes replaced by others, often none. */
    private static byte[] damaged(byte[] bytes, Random random) {
        int wounds = Math.max(0, random.nextInt(6) - 3);
        for (int i = 0; i < wounds && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
