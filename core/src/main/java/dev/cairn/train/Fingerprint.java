package dev.cairn.train;

import dev.cairn.data.TokenExample;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fingerprint of a run: everything its result depends on, one name and value per line. The first
 * line that differs between two fingerprints shows which setting was changed, by its name in the
 * YAML.
 */
public final class Fingerprint {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    /** Settings that change what a run takes, not what comes out: it may be resumed with others. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("gradient_checkpointing");

    private final StringJoiner lines = new StringJoiner("\n");

    /** Adds a value; a record adds one line for each of its components. */
    public Fingerprint add(String name, Object value) {
        add(name, JSON.<JsonNode>valueToTree(value));
        return this;
    }

    /** Adds how many examples there are, and a hash of their tokens. */
    public Fingerprint addExamples(String name, List<TokenExample> examples) {
        int hash = 1;
        for (TokenExample example : examples) {
            hash = 31 * hash + Arrays.hashCode(example.ids());
            hash = 31 * hash + example.firstTarget();
        }
        return add(name, examples.size() + ":" + Integer.toHexString(hash));
    }

    private void add(String name, JsonNode value) {
        if (!value.isObject()) {
            lines.add(name + ": " + (value.isString() ? value.stringValue() : value.toString()));
            return;
        }
        value.propertyNames().stream()
                .filter(key -> !WITHOUT_EFFECT.contains(key))
                .sorted()
                .forEach(key -> add(name.isEmpty() ? key : name + "." + key, value.get(key)));
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
