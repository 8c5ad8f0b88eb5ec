package dev.cairn.stack.engine;

import dev.cairn.model.ModelConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Finds the token that represents an empty context. As in lm-evaluation-harness, this is the
 * beginning-of-text token or, if there is none, the end-of-text token. It is read from the
 * tokenizer's files, or from the model's {@code config.json} if they name none.
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
