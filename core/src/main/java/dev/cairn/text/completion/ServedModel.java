package dev.cairn.text.completion;

import dev.cairn.Cancellation;
import dev.cairn.text.StageListener;

/**
 * A model as a server offers it: a stack, one of its stages, or a base by itself. Any number of
 * threads may ask at once; each gets the tokens it would get alone.
 */
public interface ServedModel {
    ModelCard card();

    /**
     * The token ids of a text; none is added.
     *
     * @throws dev.cairn.CairnException when the vocabulary has no token for a part of it
     */
    int[] tokenize(String text);

    /** The text of token ids; ids of special tokens stand for none. */
    String detokenize(int[] tokens);

    /**
     * Answers, or goes on writing.
     *
     * @param cancellation asked again and again, also while nothing is written; what it throws is
     *     passed on
     * @throws RequestException when this model cannot do what is asked, whoever asks again
     * @throws dev.cairn.CairnException when answering fails otherwise
     */
    Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation);
}
