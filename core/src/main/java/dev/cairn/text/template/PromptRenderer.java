package dev.cairn.text.template;

import java.util.Map;

/** Renders a prompt from the values of its variables. */
@FunctionalInterface
public interface PromptRenderer {
    /**
     * Renders the prompt.
     *
     * @param texts values of the variables, by name
     * @throws dev.cairn.CairnException if a variable has no value
     */
    String render(Map<String, String> texts);

    /**
     * Whether the tokenizer puts its special tokens, such as the one that begins a text, before the
     * prompt. A chat template writes them itself.
     */
    default boolean addSpecialTokens() {
        return true;
    }
}
