package dev.cairn.model;

import dev.cairn.model.config.ConfigJson;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * The configuration values that every model has, whatever its architecture.
 *
 * @param modelType {@code model_type} of config.json
 * @param maxPositions context window in tokens
 * @param bosId beginning-of-text token; −1 when the model names none
 * @param eosIds end-of-text tokens, in the order of the file; may be empty
 */
public record ModelConfig(
        String modelType,
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int maxPositions,
        int bosId,
        SequencedSet<Integer> eosIds) {
    public ModelConfig {
        eosIds = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(eosIds));
    }

    static ModelConfig read(ConfigJson json) {
        if (json.has("quantization_config")) {
            throw json.wrong("quantization_config", "weights that are not quantised");
        }
        return new ModelConfig(
                json.text("model_type"),
                json.positive("vocab_size"),
                json.positive("hidden_size"),
                json.positive("num_hidden_layers"),
                json.positive("max_position_embeddings"),
                json.tokenIds("bos_token_id").stream().findFirst().orElse(-1),
                json.tokenIds("eos_token_id"));
    }
}
