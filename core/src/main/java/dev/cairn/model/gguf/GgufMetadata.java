package dev.cairn.model.gguf;

import dev.cairn.format.GgufValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the metadata of a GGUF file; an architecture's keys begin with its name. */
public final class GgufMetadata {
    private final String architecture;
    private final Map<String, GgufValue> values = new LinkedHashMap<>();

    public GgufMetadata(String architecture) {
        this.architecture = architecture;
    }

    /** A key that is the same for all architectures. */
    public void general(String key, GgufValue value) {
        values.put(key, value);
    }

    void text(String key, String value) {
        values.put(architecture + "." + key, new GgufValue.Text(value));
    }

    public void whole(String key, int value) {
        values.put(architecture + "." + key, new GgufValue.Uint32(value));
    }

    void number(String key, double value) {
        values.put(architecture + "." + key, new GgufValue.Float32((float) value));
    }

    void flag(String key, boolean value) {
        values.put(architecture + "." + key, new GgufValue.Flag(value));
    }

    public Map<String, GgufValue> values() {
        return values;
    }
}
