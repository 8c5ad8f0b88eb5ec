package dev.cairn.text.completion;

import java.util.List;

/**
 * The public description of a served model.
 *
 * @param id its name, such as {@code stories}, {@code stories/facts} or {@code pebble}
 * @param description one sentence, or empty
 * @param base name of the base model that provides its weights
 * @param stages names of the stages that run for a request, in order; empty for a base
 * @param contextWindow maximum number of tokens of a prompt and its completion together
 */
public record ModelCard(
        String id,
        Kind kind,
        String description,
        String base,
        List<String> stages,
        int contextWindow) {
    /** The kinds of model. */
    public enum Kind {
        /** A whole stack: runs all its stages in order. */
        STACK,
        /**
         * One stage of a stack. In a chat, the stages it reads from run first; a text completion
         * continues the given text directly.
         */
        STAGE,
        /** A model without an adapter. */
        BASE
    }

    public ModelCard {
        stages = List.copyOf(stages);
    }
}
