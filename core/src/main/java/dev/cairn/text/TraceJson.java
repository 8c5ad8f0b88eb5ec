package dev.cairn.text;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes an answer and its trace as JSON. */
public final class TraceJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private TraceJson() {}

    /** An object with {@code answer} and {@code stages}, indented. */
    public static String of(Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answer", answer.text());
        json.put("stages", answer.stages().stream().map(TraceJson::stage).toList());
        return JSON.writeValueAsString(json);
    }

    /** One stage's trace, under the field names that all of Cairn's traces use. */
    public static Map<String, Object> stage(StageTrace t) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stack", t.identity().stack());
        json.put("stage", t.stage());
        json.put("base", t.identity().base());
        json.put("adapter_digest", t.identity().adapterDigest());
        json.put("prompt", t.prompt());
        json.put("output", t.output());
        json.put("finish_reason", t.finishReason().name().toLowerCase(Locale.ROOT));
        json.put("prompt_tokens", t.tokens().prompt());
        json.put("truncated_tokens", t.tokens().truncated());
        json.put("completion_tokens", t.tokens().completion());
        json.put("mean_logprob", t.meanLogprob());
        json.put("tokens", t.tokens().texts());
        json.put("token_logprobs", t.tokens().logprobs());
        json.put("prefill_ms", t.timing().prefillMillis());
        json.put("decode_ms", t.timing().decodeMillis());
        json.put("sampling", t.sampling());
        return json;
    }
}
