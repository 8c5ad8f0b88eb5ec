package dev.cairn.text;

import java.util.List;

/**
 * An answer, with a trace of the stages that led to it.
 *
 * @param text the answer itself
 * @param stages what each stage read and wrote, in order; a plain model has one stage
 */
public record Answer(String text, List<StageTrace> stages) {
    public Answer {
        stages = List.copyOf(stages);
    }
}
