package dev.cairn.eval.task;

/**
 * A context and one continuation of it, which a scorer rates.
 *
 * @param context what comes before, few-shot examples included; the same for all candidates of an
 *     item, unless the task varies it and scores one shared ending
 * @param continuation what is scored, with the delimiter before it, mostly a space
 * @param choice the text whose length normalises {@code acc_norm} and {@code acc_bytes}: the choice
 *     without the delimiter
 */
public record Candidate(String context, String continuation, String choice) {}
