package dev.cairn.stack.engine;

import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.text.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * An open base, shared by any number of stages.
 *
 * @param prefixes cache of prompt beginnings that were read
 * @param batcher batches concurrent requests; null if each request runs by itself
 */
public record OpenBase(
        CausalLm model, Tokenizer tokenizer, PrefixCache prefixes, @Nullable Batcher batcher) {
    /** A base without batching. */
    static OpenBase of(CausalLm model, Tokenizer tokenizer) {
        return new OpenBase(model, tokenizer, PrefixCache.ofDefaultSize(), null);
    }

    Generator generator(@Nullable LoraAdapter adapter) {
        return new Generator(model, adapter, prefixes, batcher);
    }

    /** Whether a sequence of this many tokens fits into the memory for keys and values at all. */
    boolean mayHold(int tokens) {
        return batcher == null || model.cacheBytes(tokens) <= batcher.load().maxBytes();
    }

    public int window() {
        return model.config().maxPositions();
    }
}
