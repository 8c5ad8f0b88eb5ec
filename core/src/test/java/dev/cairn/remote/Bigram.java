package dev.cairn.remote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model that a test can compute by hand behind {@code /v1/completions}: its tokens are
 * characters, and how probable one is depends on the one before it alone. It answers well, or badly
 * in one way.
 */
public final class Bigram {
    /** Ways to answer badly, and two that are none. */
    public enum Fault {
        NONE,
        /** Shows a token before every text, as models do that begin texts with one. */
        BEGINS_TEXTS,
        IGNORES_ECHO,
        SHIFTED_BY_ONE,
        CHANCE_LEVEL,
        ALWAYS_THE_SAME,
        OTHER_IS_BEST,
        FEWER_LOGPROBS,
        NULLS,
        POSITIVE,
        NAN,
        NO_LOGPROBS,
        NO_OFFSETS,
        BYTE_OFFSETS
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String BEGIN = "<s>";
    private static final double UNKNOWN = -15;
    private static final String ALPHABET = alphabet();

    private final Fault fault;

    private Bigram(Fault fault) {
        this.fault = fault;
    }

    private static String alphabet() {
        StringBuilder all = new StringBuilder("\n");
        for (char c = ' '; c <= '~'; c++) {
            all.append(c);
        }
        return all.toString();
    }

    /** Starts a server with such a model. */
    public static FakeTeacher serve(Fault fault) {
        Bigram model = new Bigram(fault);
        return FakeTeacher.start(request -> model.reply(request.json()));
    }

    /** A good answer to one request, for a server that a test makes itself. */
    public static FakeTeacher.Reply answer(FakeTeacher.Request request) {
        return new Bigram(Fault.NONE).reply(request.json());
    }

    /** Natural log-probability of a character after another. */
    public static double logprob(int before, int token) {
        if (ALPHABET.indexOf(token) < 0) {
            return UNKNOWN;
        }
        double sum = ALPHABET.chars().mapToDouble(c -> Math.exp(logit(before, c))).sum();
        return logit(before, token) - Math.log(sum);
    }

    /** What it finds a continuation of at least one character of context. */
    public static double sumLogprob(String context, String continuation) {
        int[] all = (context + continuation).codePoints().toArray();
        double sum = 0;
        for (int i = context.codePointCount(0, context.length()); i < all.length; i++) {
            sum += logprob(all[i - 1], all[i]);
        }
        return sum;
    }

    private static double logit(int before, int token) {
        int mixed = (before * 31 + token) * 0x9E3779B9;
        return (mixed >>> 16) % 1000 / 125.0;
    }

    private static int best(int before) {
        return ALPHABET.chars()
                .boxed()
                .max((a, b) -> Double.compare(logit(before, a), logit(before, b)))
                .orElseThrow();
    }

    private FakeTeacher.Reply reply(JsonNode request) {
        String prompt = request.path("prompt").asString();
        boolean isEcho = request.path("echo").asBoolean(false) && fault != Fault.IGNORES_ECHO;
        StringBuilder written = new StringBuilder();
        int last = prompt.codePointBefore(prompt.length());
        int most = request.path("max_tokens").asInt(16);
        while (written.length() < most && !ends(written, request)) {
            last = best(last);
            written.appendCodePoint(last);
        }
        boolean begins = fault == Fault.BEGINS_TEXTS && isEcho;
        String text = (begins ? BEGIN : "") + (isEcho ? prompt : "") + cut(written, request);
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put("text", text);
        choice.put("finish_reason", "length");
        if (request.has("logprobs") && fault != Fault.NO_LOGPROBS) {
            choice.put("logprobs", logprobs(prompt, written.toString(), isEcho));
        }
        String body =
                JSON.writeValueAsString(
                        Map.of(
                                "id", "cmpl-1",
                                "object", "text_completion",
                                "model", "bigram-1",
                                "choices", List.of(choice),
                                "usage", Map.of("prompt_tokens", 5, "completion_tokens", most)));
        return FakeTeacher.json(body.replace("\"NaN\"", "NaN"));
    }

    private static boolean ends(StringBuilder written, JsonNode request) {
        return cut(written, request).length() < written.length();
    }

    private static String cut(StringBuilder written, JsonNode request) {
        int end = written.length();
        for (JsonNode stop : request.path("stop")) {
            int at = written.indexOf(stop.asString());
            end = at < 0 ? end : Math.min(end, at);
        }
        return written.substring(0, end);
    }

    private ObjectNode logprobs(String prompt, String written, boolean isEcho) {
        int[] all = (prompt + written).codePoints().toArray();
        int promptLength = prompt.codePointCount(0, prompt.length());
        ObjectNode logprobs = JSON.createObjectNode();
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode values = logprobs.putArray("token_logprobs");
        ArrayNode top = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        int offset = 0;
        if (isEcho && fault == Fault.BEGINS_TEXTS) {
            tokens.add(BEGIN);
            values.addNull();
            top.addNull();
            offsets.add(0);
            offset = BEGIN.length();
        }
        for (int i = isEcho ? 0 : promptLength; i < all.length; i++) {
            tokens.add(Character.toString(all[i]));
            offsets.add(offset);
            offset += fault == Fault.BYTE_OFFSETS ? utf8(all[i]) : 1;
            if (i == 0) {
                values.addNull();
                top.addNull();
            } else {
                double value = value(all, i, isEcho);
                values.add(value);
                top.addPOJO(top(all, i, value));
            }
        }
        if (isEcho) {
            spoil(values);
        }
        if (fault == Fault.NO_OFFSETS) {
            logprobs.remove("text_offset");
        }
        return logprobs;
    }

    private static int utf8(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private double value(int[] all, int i, boolean isEcho) {
        return switch (fault) {
            case CHANCE_LEVEL ->
                    isEcho ? -Math.log(ALPHABET.length()) : logprob(all[i - 1], all[i]);
            case ALWAYS_THE_SAME -> -1.5;
            default -> logprob(all[i - 1], all[i]);
        };
    }

    private Map<String, Double> top(int[] all, int i, double value) {
        int best = best(all[i - 1]);
        return switch (fault) {
            case CHANCE_LEVEL, ALWAYS_THE_SAME -> Map.of(Character.toString(all[i]), value);
            case OTHER_IS_BEST -> Map.of("?", value / 2);
            default -> Map.of(Character.toString(best), logprob(all[i - 1], best));
        };
    }

    private void spoil(ArrayNode values) {
        int late = values.size() - 2;
        switch (fault) {
            case SHIFTED_BY_ONE -> {
                values.remove(0);
                values.addNull();
            }
            case FEWER_LOGPROBS -> values.remove(values.size() - 1);
            case NULLS -> values.setNull(late);
            case POSITIVE -> values.set(late, 0.25);
            case NAN -> values.set(late, "NaN");
            default -> {
                return;
            }
        }
    }
}
