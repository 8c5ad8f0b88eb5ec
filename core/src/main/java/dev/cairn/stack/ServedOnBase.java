package dev.cairn.stack;

import dev.cairn.stack.engine.OpenBase;
import dev.cairn.text.completion.ServedModel;

/** A served model that reads and writes with its base's tokenizer. */
interface ServedOnBase extends ServedModel {
    OpenBase base();

    @Override
    default int[] tokenize(String text) {
        return base().tokenizer().encode(text);
    }

    @Override
    default String detokenize(int[] tokens) {
        return base().tokenizer().decode(tokens);
    }
}
