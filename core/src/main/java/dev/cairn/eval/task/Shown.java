package dev.cairn.eval.task;

/** Values as messages show them, shortened when they are long. */
final class Shown {
    private static final int MAX_CHARACTERS = 80;

    private Shown() {}

    static String of(Object value) {
        String text = value.toString();
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
    }
}
