package dev.cairn.text;

import java.util.List;
import java.util.Map;

/**
 * A system of several stages whose texts can be given from outside, to see what the answer would
 * have been if a stage had written something else.
 */
public interface StagedAnswerer {
    /** Names of the stages in order; the last one writes the answer. */
    List<String> stages();

    /**
     * Answers one input with the texts of some stages given; those stages do not run. The same
     * input and texts give the same answer.
     *
     * @param given text by the name of its stage; may be empty
     * @return the answer; its {@link Answer#stages} contain every stage from the first given one
     *     on, or all stages if none is given
     * @throws dev.cairn.CairnException when the input cannot be answered
     */
    Answer answer(String input, Map<String, String> given);
}
