package dev.cairn.tensor;

import dev.cairn.text.Answer;

/**
 * Breaks the architecture on purpose: the architecture test proves with it that it would notice.
 */
@SuppressWarnings("unused") // exists to be looked at, not to be called
final class ForbiddenArrow {
    private ForbiddenArrow() {}

    static String text(Answer answer) {
        return answer.text();
    }
}
