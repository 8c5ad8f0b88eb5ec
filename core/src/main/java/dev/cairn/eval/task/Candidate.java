package dev.cairn.eval.task;

/**
 * A context with one continuation, to be scored.
 *
 * @param context the text before, including few-shot examples; the same for all candidates of an
 *     item, unless the task varies it and scores one shared ending
 * @param continuation the text to score, including the delimiter before it, usually a space
 * @param choice the text whose length normalises {@code acc_norm} and {@code acc_bytes}: the choice
 *     without the delimiter
 */
public record Candidate(String context, String continuation, String choice) {}
