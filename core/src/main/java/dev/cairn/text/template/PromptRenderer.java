package dev.cairn.text.template;

import java.util.Map;

/** Makes what a model reads of the texts that are known. */
@FunctionalInterface
public interface PromptRenderer {
    /**
     * The prompt.
     *
     * @param texts values of the variables, by name
     * @throws dev.cairn.CairnException when a variable has no value
     */
    String render(Map<String, String> texts);
}
