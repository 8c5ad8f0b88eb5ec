package dev.cairn.text;

import java.util.function.Consumer;

/**
 * Text in, text streamed out. A single stage, a whole stack and a model behind an OpenAI-compatible
 * address all look like this to {@code eval}, {@code serve} and the distiller.
 */
public interface Answerer {
    /**
     * Answers one input.
     *
     * @param input what the user wrote
     * @param onText called with each piece of the answer as soon as it is final; the pieces
     *     concatenated are the text of the returned answer
     * @throws dev.cairn.CairnException when the input cannot be answered
     */
    Answer answer(String input, Consumer<String> onText);

    /** Answers one input without streaming. */
    default Answer answer(String input) {
        return answer(input, piece -> {});
    }
}
