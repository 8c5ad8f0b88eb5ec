package dev.cairn.data.distill;

/**
 * A request and its outcome: one line of a {@link TeacherFile}.
 *
 * @param seconds how long it took
 */
record Exchange(Request request, Outcome outcome, double seconds) {}
