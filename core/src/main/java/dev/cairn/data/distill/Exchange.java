package dev.cairn.data.distill;

/**
 * A request and what came of it: one line of a {@link TeacherFile}.
 *
 * @param seconds how long it took
 */
record Exchange(Request request, Outcome outcome, double seconds) {}
