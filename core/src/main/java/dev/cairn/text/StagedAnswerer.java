package dev.cairn.text;

import java.util.List;
import java.util.Map;

/**
 * An {@link Answerer} of several stages whose texts can be given from outside: what the answer
 * would have been, had a stage written something else.
 */
public interface StagedAnswerer {
    /** Names of the stages in order; the last one writes the answer. */
    List<String> stages();

    /**
     * Answers one input with the texts of some stages given; these are not run. The same input and
     * texts give the same answer.
     *
     * @param given text by the name of its stage; may be empty
     * @return the answer, whose {@link Answer#stages} hold every stage from the first given one on,
     *     or all when none is given
     * @throws dev.cairn.CairnException when the input cannot be answered
     */
    Answer answer(String input, Map<String, String> given);
}
