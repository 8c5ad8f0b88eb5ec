package dev.cairn.eval.report;

import dev.cairn.eval.compare.Comparison;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
        ObjectNode root = JSON.createObjectNode();
        root.putPOJO("contestants", comparison.systems());
        root.putPOJO("marks", comparison.marks());
        root.putPOJO("duels", comparison.pairedResults());
        return JSON.writeValueAsString(root) + "\n";
    }
}
