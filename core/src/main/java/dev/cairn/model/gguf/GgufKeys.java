package dev.cairn.model.gguf;

import dev.cairn.CairnException;
import dev.cairn.format.Gguf;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The settings of an architecture in a GGUF file; remembers which were read. */
public final class GgufKeys {
    /** Keys that say nothing beyond what the tensors say. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("vocab_size", "tensor_data_layout");

    private final Gguf file;
    private final String prefix;
    private final Set<String> known = new HashSet<>();

    public GgufKeys(Gguf file, String architecture) {
        this.file = file;
        this.prefix = architecture + ".";
        WITHOUT_EFFECT.forEach(key -> known.add(prefix + key));
    }

    private String full(String key) {
        known.add(prefix + key);
        return prefix + key;
    }

    boolean has(String key) {
        return file.has(full(key));
    }

    /**
     * A number above 0. A list with a number for each layer counts as one number if all are the
     * same.
     */
    public int positive(String key) {
        int value = file.isList(full(key)) ? ofAllLayers(key) : file.natural(full(key));
        if (value == 0) {
            throw wrong(key, "a number above 0, found 0");
        }
        return value;
    }

    private int ofAllLayers(String key) {
        int[] values = file.ints(full(key));
        if (values.length == 0 || Arrays.stream(values).anyMatch(value -> value != values[0])) {
            throw wrong(key, "the same number for all layers, found " + Arrays.toString(values));
        }
        return Math.max(0, values[0]);
    }

    public int positive(String key, int otherwise) {
        return has(key) ? positive(key) : otherwise;
    }

    /** Whether a key is there with a list for its value. */
    boolean isList(String key) {
        return has(key) && file.isList(full(key));
    }

    List<Boolean> flags(String key) {
        return file.flags(full(key));
    }

    /**
     * A number that a model must say.
     *
     * @throws CairnException also when it is not above 0, or infinite
     */
    double above0(String key) {
        double value = file.number(full(key));
        if (!(value > 0 && Double.isFinite(value))) {
            throw wrong(key, "a number above 0, found " + value);
        }
        return number(key, value);
    }

    /** As {@link #above0(String)}, of a number that may be missing. */
    double above0(String key, double otherwise) {
        return has(key) ? above0(key) : otherwise;
    }

    /**
     * Goes through the decimal form: GGUF keeps 32 bits, and 1e-5 must not become 9.99999974e-6.
     */
    double number(String key, double otherwise) {
        return has(key)
                ? Double.parseDouble(Float.toString((float) file.number(full(key))))
                : otherwise;
    }

    String text(String key, String otherwise) {
        return has(key) ? file.text(full(key)) : otherwise;
    }

    boolean flag(String key, boolean otherwise) {
        return has(key) ? file.flag(full(key)) : otherwise;
    }

    CairnException wrong(String key, String expectedAndFound) {
        return file.error(prefix + key, "expected " + expectedAndFound);
    }

    /** Declares settings that change nothing in this architecture, and need not be read. */
    void ignore(Collection<String> keys) {
        keys.forEach(this::full);
    }

    /** Requires a number that a file may write out although it is 0. */
    void expectNone(String key) {
        if (has(key) && file.natural(full(key)) != 0) {
            throw wrong(key, "0, found %d".formatted(file.natural(full(key))));
        }
    }

    /**
     * Rejects settings that were never read: they would change what the model computes.
     *
     * @throws CairnException naming the first of them
     */
    public void refuseOthers() {
        for (String key : file.keys()) {
            if (key.startsWith(prefix) && !known.contains(key)) {
                throw file.error(key, "Cairn does not support this setting");
            }
        }
    }
}
