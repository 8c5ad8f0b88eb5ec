package dev.cairn.data.curriculum;

import java.util.List;

/**
 * A text, what follows from it alone, and problems about it.
 *
 * @param text empty if the problems need none
 * @param again what returns of the text, or empty
 */
record Sheet(String text, String again, List<Problem> problems) {
    Sheet {
        problems = List.copyOf(problems);
    }

    /** A text of which nothing returns unasked. */
    Sheet(String text, List<Problem> problems) {
        this(text, "", problems);
    }
}
