package dev.cairn.eval;

/**
 * One question and the answer it is scored against.
 *
 * @param id unique within its set; systems are paired by it
 * @param kind kind of question; scores are reported per kind
 * @param input the question as the system receives it
 * @param answer the gold answer, compared by {@link ExactMatch}
 */
public record Item(String id, String kind, String input, String answer) {}
