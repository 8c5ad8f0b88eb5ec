package dev.cairn.model.gguf;

import dev.cairn.CairnException;
import dev.cairn.model.config.ConfigJson;

/** The sizes of a model's attention, from either kind of file. */
public record GgufHeads(int heads, int kvHeads, int headDim) {
    public static GgufHeads of(ConfigJson config) {
        int heads = config.positive("num_attention_heads");
        return new GgufHeads(
                heads,
                config.positive("num_key_value_heads", heads),
                config.positive("head_dim", config.positive("hidden_size") / heads));
    }

    /**
     * @throws CairnException when the numbers do not fit together
     */
    public static GgufHeads of(GgufKeys keys) {
        int heads = keys.positive("attention.head_count");
        int hidden = keys.positive("embedding_length");
        int kvHeads = keys.positive("attention.head_count_kv", heads);
        if (heads > hidden || kvHeads > heads) {
            throw keys.wrong(
                    "attention.head_count",
                    "at least %d and at most %d, found %d".formatted(kvHeads, hidden, heads));
        }
        int headDim = keys.positive("attention.key_length", hidden / heads);
        if (headDim % 2 != 0) {
            throw keys.wrong("attention.key_length", "an even number, found " + headDim);
        }
        if (keys.positive("attention.value_length", headDim) != headDim) {
            throw keys.wrong("attention.value_length", "the same as key_length, " + headDim);
        }
        return new GgufHeads(heads, kvHeads, headDim);
    }
}
