package dev.cairn.text.completion;

import java.util.List;

/**
 * What is said of a model to those who may ask it.
 *
 * @param id its name, such as {@code stories}, {@code stories/facts} or {@code pebble}
 * @param description a sentence, or empty
 * @param base name of the base model that its weights are of
 * @param stages names of the stages that write when it is asked, in order; empty for a base
 * @param contextWindow the most tokens of one prompt and what is written after it, together
 */
public record ModelCard(
        String id,
        Kind kind,
        String description,
        String base,
        List<String> stages,
        int contextWindow) {
    /** What sort of model it is. */
    public enum Kind {
        /** Stages in order: asked for an answer, it runs them all. */
        STACK,
        /**
         * One stage of a stack: asked in a chat, the stages it reads from run before it; asked to
         * complete a text, it goes on writing that very text.
         */
        STAGE,
        /** A model without adapter. */
        BASE
    }

    public ModelCard {
        stages = List.copyOf(stages);
    }
}
