package dev.cairn.stack.engine;

import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.text.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A base that is open, for any number of stages.
 *
 * @param prefixes beginnings of prompts it has read
 * @param batcher reads for all who ask at the same time; null where each reads for itself
 */
public record OpenBase(
        CausalLm model, Tokenizer tokenizer, PrefixCache prefixes, @Nullable Batcher batcher) {
    /** A base whose users read each for itself. */
    static OpenBase of(CausalLm model, Tokenizer tokenizer) {
        return new OpenBase(model, tokenizer, PrefixCache.ofDefaultSize(), null);
    }

    Generator generator(@Nullable LoraAdapter adapter) {
        return new Generator(model, adapter, prefixes, batcher);
    }

    /** Whether the memory for keys and values could ever hold a sequence of so many tokens. */
    boolean mayHold(int tokens) {
        return batcher == null || model.cacheBytes(tokens) <= batcher.load().maxBytes();
    }

    public int window() {
        return model.config().maxPositions();
    }
}
