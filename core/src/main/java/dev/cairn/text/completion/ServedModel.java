package dev.cairn.text.completion;

import dev.cairn.Cancellation;
import dev.cairn.text.StageListener;

/**
 * A model as a server offers it: a stack, one of its stages, or a base by itself. Thread-safe;
 * concurrent requests do not change each other's tokens.
 */
public interface ServedModel {
    ModelCard card();

    /**
     * The token ids of a text; no special token is added.
     *
     * @throws dev.cairn.CairnException if the vocabulary has no token for a part of the text
     */
    int[] tokenize(String text);

    /** The text of token ids; special tokens contribute no text. */
    String detokenize(int[] tokens);

    /**
     * Answers a conversation or continues a text.
     *
     * @param cancellation polled repeatedly, even while nothing is generated; what it throws is
     *     passed on
     * @throws RequestException if this model can never fulfil the request
     * @throws dev.cairn.CairnException if answering fails for another reason
     */
    Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation);
}
