package dev.cairn.text;

import java.util.List;

/**
 * An answer and how it came about.
 *
 * @param text the answer itself
 * @param stages what each stage was asked and said, in order; a plain model has one
 */
public record Answer(String text, List<StageTrace> stages) {
    public Answer {
        stages = List.copyOf(stages);
    }
}
