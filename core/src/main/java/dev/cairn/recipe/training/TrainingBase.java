package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.hub.HubId;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.TrainingConfig;
import dev.cairn.stack.engine.UpstreamWriter;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.SequencedSet;

/**
 * The base that all stages share, frozen.
 *
 * @param directory a Hugging Face directory or a GGUF file
 * @param digest identifies the base when a run is resumed
 */
record TrainingBase(Path directory, CausalLm model, String digest, Tokenizer tokenizer) {
    static TrainingBase open(Path directory) {
        CausalLm model = Models.openBase(directory);
        return new TrainingBase(
                directory, model, Models.digest(directory), Tokenizer.load(directory));
    }

    UpstreamWriter.Base upstream() {
        return new UpstreamWriter.Base(model, digest, tokenizer);
    }

    /**
     * Checks that training rows fit the base's context window.
     *
     * @throws CairnException if {@code sequence_len} is larger than the window
     */
    void checkWindow(TrainingConfig config) {
        int window = model.config().maxPositions();
        if (config.batches().sequenceLen() > window) {
            throw new CairnException(
                    "sequence_len: expected at most %d, the base's context window, found %d"
                            .formatted(window, config.batches().sequenceLen()));
        }
    }

    /** The end-of-text token. If there are several, the tokenizer's, which ends a chat's turn. */
    int end() {
        SequencedSet<Integer> ends = model.config().eosIds();
        OptionalInt named = tokenizer.eosId(directory);
        return named.isPresent() && ends.contains(named.getAsInt())
                ? named.getAsInt()
                : ends.getFirst();
    }

    /**
     * The adapter's configuration, which names the base by its id on the hub or, without one, by
     * its path.
     */
    PeftConfig peft(StackConfig stack, TrainingConfig config) {
        String id = stack.baseId();
        if (id == null) {
            return PeftConfig.of(path(), null, config.lora());
        }
        HubId hub = HubId.parse(id);
        return PeftConfig.of(
                hub.at(null).toString(),
                hub.isAtDefaultRevision() ? null : hub.revision(),
                config.lora());
    }

    /**
     * The base's path, relative to the working directory if it is below it, so that a folder can be
     * moved as a whole. The leading dot distinguishes the path from an id on the hub.
     */
    private String path() {
        Path here = Path.of("").toAbsolutePath();
        String name =
                directory.startsWith(here)
                        ? "./" + here.relativize(directory)
                        : directory.toString();
        return name.replace('\\', '/');
    }
}
