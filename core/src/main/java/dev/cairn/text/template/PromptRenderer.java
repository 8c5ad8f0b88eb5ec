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
}
