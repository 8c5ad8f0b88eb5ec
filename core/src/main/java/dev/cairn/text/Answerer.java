package dev.cairn.text;

import java.util.function.Consumer;

/**
 * Answers a text with a text, streamed. {@code eval}, {@code serve} and the distiller use a single
 * stage, a whole stack and a model behind an OpenAI-compatible address alike through this
 * interface.
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
