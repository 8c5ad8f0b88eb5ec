package dev.cairn.data.distill;

import dev.cairn.CairnException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads exchanges as lines of JSON. */
final class ExchangeJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ExchangeJson() {}

    /** Formats an exchange as one line, without a line break. */
    static String format(Exchange exchange) {
        Request request = exchange.request();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("key", request.key());
        line.put("example", request.example());
        line.put("sample", request.sample());
        line.put("stage", request.stage());
        line.put("attempt", request.attempt());
        line.put("prompt", request.prompt());
        switch (exchange.outcome()) {
            case Outcome.Reply reply -> {
                line.put("text", reply.text());
                line.put("characters", reply.characters());
                line.put("was_cut", reply.wasCut());
                line.put("input_tokens", reply.inputTokens());
                line.put("output_tokens", reply.outputTokens());
            }
            case Outcome.Failed failed -> line.put("failure", failed.reason());
        }
        line.put("seconds", Math.round(exchange.seconds() * 1000) / 1000.0);
        return JSON.writeValueAsString(line);
    }

    /**
     * Reads a line.
     *
     * @param where file and line, for errors
     */
    static Exchange parse(String text, String where) {
        try {
            JsonNode line = JSON.readTree(text);
            Request request =
                    new Request(
                            line.required("key").asString(),
                            line.required("example").asString(),
                            line.required("sample").asInt(),
                            line.required("stage").asString(),
                            line.required("attempt").asInt(),
                            line.required("prompt").asString());
            return new Exchange(request, outcome(line), line.required("seconds").asDouble());
        } catch (JacksonException e) {
            throw new CairnException(
                    where
                            + ": not a line that cairn distill wrote ("
                            + e.getOriginalMessage()
                            + "); delete the line, and its request will be made again",
                    e);
        }
    }

    private static Outcome outcome(JsonNode line) {
        if (line.has("failure")) {
            return new Outcome.Failed(line.path("failure").asString());
        }
        return new Outcome.Reply(
                line.required("text").asString(),
                line.required("characters").asInt(),
                line.required("was_cut").asBoolean(),
                line.required("input_tokens").asLong(),
                line.required("output_tokens").asLong());
    }
}
