package dev.cairn.stack.engine;

import dev.cairn.model.ModelConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The token that stands for an empty context: as in lm-evaluation-harness the one that begins a
 * text, else the one that ends it. The tokenizer's files say which; where they name none, the
 * model's {@code config.json} does.
 */
public final class PrefixToken {
    private PrefixToken() {}

    public static OptionalInt of(Tokenizer tokenizer, Path modelDirectory, ModelConfig config) {
        OptionalInt bos = tokenizer.bosId(modelDirectory);
        OptionalInt named = bos.isPresent() ? bos : tokenizer.eosId(modelDirectory);
        return named.isPresent() ? named : ofModel(config);
    }

    private static OptionalInt ofModel(ModelConfig config) {
        return config.bosId() >= 0
                ? OptionalInt.of(config.bosId())
                : config.eosIds().stream().mapToInt(id -> id).findFirst();
    }
}
