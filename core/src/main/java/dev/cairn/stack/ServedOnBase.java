package dev.cairn.stack;

import dev.cairn.stack.engine.OpenBase;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.ServedModel;
import dev.cairn.text.template.TemplateVariables;
import java.util.List;

/** A served model that reads and writes with its base's tokenizer. */
interface ServedOnBase extends ServedModel {
    OpenBase base();

    /** The number of tokens that the model reads of a conversation before it answers. */
    int promptTokens(List<ChatMessage> messages, TemplateVariables variables);

    @Override
    default int[] tokenize(String text) {
        return base().tokenizer().encode(text);
    }

    @Override
    default String detokenize(int[] tokens) {
        return base().tokenizer().decode(tokens);
    }
}
