package dev.cairn.data.curriculum;

import java.util.List;

/**
 * A text and problems about it.
 *
 * @param text empty if the problems need none
 */
record Sheet(String text, List<Problem> problems) {
    Sheet {
        problems = List.copyOf(problems);
    }
}
