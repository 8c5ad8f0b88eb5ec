package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A comparison as one JSON object. */
public final class CompareJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private CompareJson() {}

    /** Everything for machines: shares between 0 and 1, with a line break at the end. */
    public static String of(Comparison comparison) {
        return JSON.writeValueAsString(comparison) + "\n";
    }
}
